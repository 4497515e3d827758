"""The audit log of a whole meter with its network module: who has done what, from where, and when; over power
cuts at every operation of its flash, and inside of each.
"""

import struct
from array import array

from device.device_fakes import Networked, started
from protocols.snmp import snmp_bench as snmp
from records.cut_flash import SHAPES, Cut, CutFlash

from fourquad import points as p
from fourquad.points import audit as n
from fourquad.points import network as net

# Requests of a master at 192.168.1.20: PT1 (1005H), which is 400.0 V, becomes 500.0 V; the first record.
WRITE = "0001 0000 000B 01 10 1005 0002 04 0000 1388".replace(" ", "")
READ = "0002 0000 0006 01 03 E000 001D".replace(" ", "")
MASTER = [192 << 8 | 168, 1 << 8 | 20]


def records(plant, count=100):
    """The newest records, the newest first."""
    audit = plant.device.meter.audit
    found = []
    for number in range(audit.newest(), audit.oldest() - 1, -1):
        words = array("H", [0] * n.WORDS)
        if len(found) < count and audit.read(number, words):
            found.append(list(words))
    return found


def number(record, at):
    return record[at] << 16 | record[at + 1]


def text(record, at):
    return b"".join(struct.pack(">H", word) for word in record[at : at + n.VALUE]).rstrip(b"\0")


def test_a_master_on_the_network_is_named_by_its_address():
    plant = started()
    pipe = plant.client()
    assert plant.ask(pipe, WRITE) == "0001000000060110" + "10050002"
    newest, first = records(plant)
    assert first[n.WHAT] == n.STARTED and first[n.WHO] == n.METER << 8
    assert newest[n.WHAT] == n.SETTING and newest[n.WHO] == n.of_service("modbus") << 8
    assert newest[n.HOST : n.HOST + 2] == MASTER
    assert newest[n.POINT] == p.SETTING + p.PT1
    assert (number(newest, n.OLD), number(newest, n.NEW)) == (4000, 5000)
    clock = [plant.points.read(p.STATE + at) for at in (p.YEAR, p.MONTH, p.DAY, p.HOUR, p.MINUTE)]
    assert newest[:5] == clock


def test_registers_show_the_newest_first():
    plant = started()
    pipe = plant.client()
    plant.ask(pipe, WRITE)
    answer = bytes.fromhex(plant.ask(pipe, READ))[9:]
    words = list(struct.unpack(">29H", answer))
    assert words[0] == 2
    assert words[1:] == records(plant)[0]
    assert plant.device.registers.write(0xE000, 1, b"\0\0", 0) != 0


def test_a_panel_a_port_and_the_meter_itself():
    plant = started()
    audit = plant.device.meter.audit
    for who in (n.PANEL, n.PORT):
        audit.who = who
        plant.points.write(p.SETTING + p.BACKLIGHT, 10 + who)
        audit.who = n.METER
    plant.points.write(p.COMMAND + p.CLEAR_MAX_MIN, 1)
    told = [(record[n.WHAT], record[n.WHO] >> 8) for record in records(plant)]
    assert told[:3] == [(n.CLEARED, n.METER), (n.SETTING, n.PORT), (n.SETTING, n.PANEL)]


def test_the_panel_says_itself_who_it_is():
    plant = started()
    menu = plant.device.panel.menu
    assert menu.key is not type(menu).key
    seen = []
    plant.device.meter.audit.note = lambda *given: seen.append((plant.device.meter.audit.who, given[0]))
    plant.points.heard(p.ACCESS + 4, None, p.FORBIDDEN)
    assert seen == [(n.METER, n.REFUSED)]


def test_a_text_is_kept_and_a_secret_is_not():
    plant = started()
    changes = ((net.HOST_NAME, b"meter-7"), (net.MQTT_PASSWORD, b"open sesame"), (net.HTTP_ADMIN, b"$1$"))
    for offset, value in changes:
        at = p.SETTING + offset
        assert plant.points.provider(at).texts.write(at - plant.points.base(at), value) == p.OK
    plant.set(p.PASSWORD, 4321)
    number_, admin, mqtt, host = records(plant)[:4]
    assert (host[n.WHAT], text(host, n.OLD), text(host, n.NEW)) == (n.TEXT, b"fourquad", b"meter-7")
    for secret in (number_, admin, mqtt):
        assert secret[n.WHAT] == n.NEW_PASSWORD and not any(secret[n.OLD :])


def test_settings_of_dnp3_and_of_a_data_logger():
    plant = started()
    pipe = plant.client()
    # D002H, the address of the outstation, which was 1; 1101H, the interval of the first log
    assert plant.ask(pipe, "0001 0000 000B 01 10 D002 0002 04 0000 0007")[12:] == "0110d0020002"
    assert plant.ask(pipe, "0001 0000 0009 01 10 1101 0001 02 000F")[12:] == "011011010001"
    log, dnp3, first = records(plant)
    assert first[n.WHAT] == n.STARTED
    assert dnp3[n.WHAT] == n.SETTING and dnp3[n.POINT] == p.DNP3 + 1
    assert (number(dnp3, n.OLD), number(dnp3, n.NEW)) == (1, 7)
    assert log[n.WHAT] == n.TABLES and log[n.POINT] == p.SETTING + p.GROUP_LOGS + 1
    assert log[n.WHO] == dnp3[n.WHO] == n.of_service("modbus") << 8
    # what is as it was is no change
    plant.ask(pipe, "0001 0000 000B 01 10 D002 0002 04 0000 0007")
    plant.ask(pipe, "0001 0000 0009 01 10 1101 0001 02 000F")
    assert len(records(plant)) == 3


def test_who_is_refused_by_snmp_is_told_and_not_each_time():
    plant = started()
    plant.set(net.SNMP, 1)
    plant.reset_module()

    def guess(community, count):
        for _ in range(count):
            name = snmp.binding(snmp.MIB_2 + (1, 5, 0))
            asked = snmp.message(snmp.pdu(snmp.GET, 1000, 0, 0, name), community=community)
            plant.sockets.datagrams[161].to_us.append((asked, ("192.168.1.20", 40000)))
        plant.run(300)

    guess(b"public", 3)
    before = records(plant)
    assert before[0][n.WHAT] == n.RESET
    guess(b"private", 5)
    newest, *others = records(plant)
    assert others == before and newest[n.WHAT] == n.REFUSED and number(newest, n.OLD) == 1
    assert newest[n.WHO] == n.of_service("snmp") << 8 and newest[n.HOST : n.HOST + 2] == MASTER
    desks = plant.device.switchboard.desks
    [agent] = [desk.service for desk in desks if desk.name == "snmp"]
    agent.seconds += 600
    guess(b"private", 1)
    again, *others = records(plant)
    assert others[0] == newest and number(again, n.OLD) == 5


def test_a_service_that_fails_is_told_and_the_meter_goes_on():
    plant = started()
    plant.failing = True
    modbus = plant.device.ports[-1].board.desks[0].service

    def run(*_):
        raise IndexError("bytearray index out of range")

    pipe = plant.client()
    type_of = type(modbus.connection())
    whole, type_of.run = type_of.run, run
    try:
        for _ in range(2):
            plant.ask(pipe, READ)
            assert pipe.closed
            pipe = plant.client()
        plant.run(1000)
    finally:
        type_of.run = whole
    newest, first = records(plant)
    assert first[n.WHAT] == n.STARTED and newest[n.WHAT] == n.FAILED
    assert newest[n.WHO] == n.of_service("modbus") << 8 and newest[n.HOST : n.HOST + 2] == MASTER
    assert number(newest, n.OLD) == 1 and text(newest, n.NEW) == b"IndexError"
    assert plant.device.meter.valid and not plant.front.available(), "all samples were taken"
    # DFE0H: how often each service has failed
    assert plant.ask(plant.client(), "0001 0000 0006 01 03 DFE0 0002")[-8:] == "00020000"


def test_a_fault_of_the_measurement_is_no_services():
    plant = started()

    def window(*_):
        raise IndexError("window")

    plant.device.meter.work = window
    try:
        plant.run(1000)
    except IndexError:
        return
    raise AssertionError("the meter goes on without measuring")


def test_what_is_momentary_is_told_once():
    plant = started()
    plant.reset_module()
    plant.set(net.NTP_NOW, 1)
    assert [record[n.WHAT] for record in records(plant)] == [n.RESET, n.STARTED]


def test_more_than_there_is_room_for_is_counted():
    plant = started()
    for value in range(50):
        plant.set(p.BACKLIGHT, 10 + value)
    for _ in range(40):
        plant.run(1000)
    plant.set(p.BACKLIGHT, 100)
    newest, lost = records(plant)[:2]
    assert newest[n.WHAT] == n.SETTING and lost[n.WHAT] == n.LOST
    kept = [record for record in records(plant) if record[n.WHAT] == n.SETTING]
    assert len(kept) - 1 + number(lost, n.NEW) == 50


def test_older_records_are_read_from_flash():
    plant = started()
    for value in range(40):
        plant.set(p.BACKLIGHT, 10 + value)
        plant.run(1200)
    found = [number(record, n.NEW) for record in records(plant)[:40]]
    assert found == list(range(49, 9, -1))
    audit = plant.device.meter.audit
    assert not audit.read(audit.newest() + 1, array("H", [0] * n.WORDS))
    plant.warn()
    plant.cut()
    plant.run(1500)
    again = [number(record, n.NEW) for record in records(plant)[1:41]]
    assert again == found


class Cutting(Networked):
    """A meter on a flash whose operations are known."""

    def __init__(self, flash):
        self._given = flash
        Networked.__init__(self, "kw320")

    def power_on(self):
        self.flash = self._given
        Networked.power_on(self)


def settings(plant):
    """Values that settings were given, the oldest first."""
    return [number(record, n.NEW) for record in reversed(records(plant)) if record[n.WHAT] == n.SETTING]


def test_power_cuts_at_every_operation_leave_records_whole_and_in_order():
    flash = CutFlash(Networked.sectors)
    flash.rearm(-1, 0)
    plant = Cutting(flash)
    plant.run(1500)
    plant.warn()
    start = bytes(flash.image)
    flash.done = []
    told = []
    for value in (20, 30, 40):
        plant.set(p.BACKLIGHT, value)
        plant.run(300)
        told.append((len(flash.done), value))
    done = flash.done
    assert len(done) >= 3
    image = bytearray(start)
    cuts = 0
    # one for all: MicroPython's heap has no whole room for many
    cut = CutFlash(Networked.sectors)
    for at in range(len(done)):
        for shape in range(SHAPES):
            cut.image[:] = image
            cut.rearm(0, shape)
            try:
                cut.do(done[at])
            except Cut:
                cuts += 1
            cut.rearm(-1, 0)
            found = settings(Cutting(cut))
            # what had been written is there; of the one under way either all or nothing
            least = [value for count, value in told if count <= at]
            assert found == [20, 30, 40][: len(found)] and len(found) >= len(least), (at, shape, found)
        cut.image[:] = image
        cut.rearm(-1, 0)
        cut.do(done[at])
        image[:] = cut.image
    assert cuts == SHAPES * len(done) >= 18
