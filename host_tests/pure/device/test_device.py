"""A meter as a whole, its drivers made up: what it keeps, who is its master, and that it is alone."""

from device_fakes import EPOCH_2000, UTC, Contacts, Plant, Rtc, Sensor
from protocols.modbus_fakes import with_crc

from fourquad import points as p
from fourquad.points import billing as b
from fourquad.protocols.modbus import map as maps

PT1 = 0x1005
DNP3_ADDRESS = p.DNP3 + 1
WARNED, LATER = "warned", "later"


class Networked(Plant):
    """All ports that the model has, also the one with settings of its own; nobody is on the lines."""

    links = ("uart", "uart", "tcp")
    uart = None


def changes():
    """A plant each, with what changes in it and how to read it: a setting, one of a port, a table."""
    plant = Plant()
    yield plant, lambda n: ask(plant, write_registers(PT1, 0, 1000 + n)), lambda: plant.setting(p.PT1) - 1000
    plant = Networked()
    yield plant, lambda n: plant.write(DNP3_ADDRESS, n), lambda: plant.points.read(DNP3_ADDRESS)
    plant = Plant("a1000")
    yield plant, lambda n: programme(plant, n), lambda: plant.points.read(p.TABLE + b.PROFILE_1)[4]


def programme(plant, n):
    plant.write(p.BILLING + b.PROGRAM_MODE, 1)
    plant.write(p.TABLE + b.PROFILE_1, bytes((6, 0, 1, 22, n % 60, 2)))


def write_registers(address, *values):
    data = b"".join([bytes((value >> 8, value & 255)) for value in values])
    return bytes((1, 16, address >> 8, address & 255, 0, len(values), len(data))) + data


def ask(plant, request):
    """What the master on the first line is told, without the CRC."""
    line = plant.lines[0]
    line.sent = b""
    line.coming = with_crc(request)
    for _ in range(5):
        plant.loop.visit(plant.now)
    assert line.sent and line.sent[1] == request[1], line.sent
    return line.sent[2:-2]


def test_what_was_acknowledged_is_there_after_the_warning_and_a_cut():
    for plant, change, read in changes():
        plant.run(1100)  # the ports wait so long
        for value in (21, 22, 23):
            change(value)
            plant.warn()
            plant.cut()
            assert read() == value
            plant.run(1100)


def test_without_the_warning_it_is_there_when_it_is_a_second_old():
    for plant, change, read in changes():
        plant.run(1100)
        change(31)
        plant.run(1100)
        change(32)
        plant.run(900)
        plant.cut()
        assert read() == 31
        plant.run(1100)
        change(33)
        plant.run(1100)
        plant.cut()
        assert read() == 33


def test_an_answer_that_hides_it_has_the_file_written_at_once():
    plant = Plant()
    plant.run(1100)
    ask(plant, write_registers(PT1, 0, 700))
    before = plant.files.writes
    # 125 registers are 255 bytes, and a byte takes a millisecond here
    ask(plant, bytes((1, 3, 0x40, 0, 0, 125)))
    assert plant.files.writes == before + 1
    plant.cut()
    assert plant.setting(p.PT1) == 700


def test_a_second_of_energy_is_lost_at_most_after_the_warning():
    plant = Plant()
    plant.write(p.SETTING + p.PT1, 400000)
    plant.run(6500)
    a_second = plant.points.read(p.PRIMARY + p.P_SUM) / 3.6e5  # W in 0.1 kWh
    before = plant.points.read(p.ENERGY + p.EP_IMP)
    assert before >= 4
    plant.warn()
    plant.cut()
    lost = before - plant.points.read(p.ENERGY + p.EP_IMP)
    assert lost <= a_second + 1


def test_settings_of_the_board_give_way_to_those_that_were_saved():
    class Board(Plant):
        defaults = ((p.CT1, 60), (p.ADDRESS_1, 7))

    plant = Board()
    assert (plant.setting(p.CT1), plant.setting(p.ADDRESS_1)) == (60, 7)
    plant.write(p.SETTING + p.ADDRESS_1, 9)
    plant.warn()
    plant.cut()
    assert (plant.setting(p.CT1), plant.setting(p.ADDRESS_1)) == (60, 9)


def test_the_page_that_the_display_shows_is_kept():
    plant = Plant()
    plant.run(100)
    for _ in range(3):
        plant.contacts.closed = 2
        plant.run(100)
        plant.contacts.closed = 0
        plant.run(100)
    page = plant.device.panel.menu.page_word
    assert page == plant.device.meter.page != 0
    plant.warn()
    plant.cut()
    assert plant.device.panel.menu.page_word == page


def test_the_time_comes_from_the_clock_that_runs_on():
    plant = Plant()
    plant.run(1500)
    plant.cut(2250)
    clock = plant.device.meter.clock
    assert clock.valid and clock.now == UTC - EPOCH_2000 + 3


def test_a_clock_that_was_never_set_is_told_the_time_and_tells_none():
    plant = Plant(rtc=Rtc(known=False))
    clock = plant.device.meter.clock
    assert not clock.valid
    plant.run(30)
    told = plant.rtc.told
    assert told == 1
    # a master sets the time; power goes before it is compared again
    plant.write(p.STATE + p.EPOCH, UTC - EPOCH_2000 + 86400)
    plant.warn()
    plant.cut(5000)
    clock = plant.device.meter.clock
    assert clock.valid and abs(clock.now - (UTC - EPOCH_2000 + 86405)) <= 1


def test_a_file_that_cannot_be_written_is_told():
    def full(name, data):
        raise OSError(28)

    plant = Plant("a1000")
    plant.run(1100)
    plant.files.write = full
    programme(plant, 5)
    plant.run(900)
    assert not plant.device.meter.billing.errors & b.MEMORY_FAULT
    plant.run(200)
    assert plant.device.meter.billing.errors & b.MEMORY_FAULT


def test_only_what_a_board_has_is_asked():
    class Bare(Plant):
        def power_on(self):
            self.terminals = None
            super().power_on()

    class Rich(Plant):
        seal = Contacts()
        temperature = Sensor()

    assert len(Bare().device.jobs) == 2
    assert len(Plant().device.jobs) == 3
    rich = Rich()
    assert len(rich.device.jobs) == 5
    # an open contact is a closed seal
    assert rich.points.check(p.SETTING + p.CT1, 7) == p.FORBIDDEN
    rich.seal.closed = 1
    rich.run(200)
    assert rich.points.check(p.SETTING + p.CT1, 7) == p.OK


def test_what_serial_ports_lose_is_a_point():
    plant = Plant()
    assert plant.points.read(p.STATE + p.LINES_LOST) == sum([line.lost() for line in plant.lines]) > 0


def test_maintenance_is_made_when_it_is_asked_for():
    plant = Plant()
    plant.run(1100)
    assert plant.device.meter.maintenance is None
    # CHANNEL 3: current, phase 1
    assert ask(plant, bytes((1, 100, 3, 3)))[:3] == bytes((3, ord("I"), 1))
    assert plant.device.meter.maintenance is not None


def test_a_model_without_registers_has_no_map():
    plant = Plant("a1000")
    assert plant.device.registers is None
    assert isinstance(Plant().device.registers, maps.RegisterMap)


def state(plant):
    return bytes(plant.device.meter.dump()), bytes(plant.flash.image), sorted(plant.files.data.items())


def live(plant, kind, step):
    """A step of a life in which everything happens that is saved."""
    plant.run(400)
    if step == 3:
        plant.write(p.SETTING + p.ADDRESS_1 if kind == "kw320" else p.SETTING + p.DEVICE_NUMBERS, 40 + step)
    if step == 5:
        plant.contacts.closed = 2
    if step == 6:
        plant.contacts.closed = 0
    if step == 8:
        plant.warn()
        plant.cut()


def test_two_meters_of_different_models_in_one_process_are_each_as_if_alone():
    kinds = (("kw320", 0), ("a1000", 1 << 29))
    alone = []
    for kind, start in kinds:
        plant = Plant(kind, start)
        for step in range(12):
            live(plant, kind, step)
        alone.append(state(plant))
    plants = [Plant(kind, start) for kind, start in kinds]
    for step in range(12):
        for i in range(2):
            live(plants[i], kinds[i][0], step)
    assert [state(plant) for plant in plants] == alone
    assert alone[0] != alone[1]


def test_a_board_may_ask_for_the_vector_kernel():
    import sys

    class Asking(Plant):
        vector = True

    if sys.implementation.name == "micropython":
        # this one has no ulab: heard at once, because there is no substitute
        try:
            Asking()
        except ImportError:
            return
        raise AssertionError("an image without ulab has no vector kernel")
    kernel = Asking().device.meter.chain._kernel
    assert type(kernel).__module__ == "fourquad.metering.kernels.vector"
