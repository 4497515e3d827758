"""What a configuration has besides settings: the data logs and the tables of time of use."""

import json

from device.device_fakes import Networked
from net.backup_bench import (
    PHRASE,
    apply,
    file_of,
    get,
    logged_in,
    put,
    send,
    summed,
    text,
)
from records.files_fake import PowerCut

from fourquad import points as p
from fourquad.points import billing as b
from fourquad.points import circuits as c
from fourquad.points.mail import MAIL_PASSWORD

LOG, LOG_STEP = 0x1100, 192
TABLES = p.SETTING + b.GROUP_TABLES
DAY = b"\x08\x00\x02\x14\x00\x01"  # from 8:00 tariff 2, from 20:00 tariff 1
SEASONS = b"\x01\x01\x00\x06\x01\x03"
YEAR_2026, YEAR_2027 = b"\x1a\x0c\x19\x04", b"\x1b\x01\x01\x05"


def registers(plant, address, *values):
    """Write registers as a master does."""
    data = b"".join([bytes((value >> 8, value & 0xFF)) for value in values])
    assert plant.device.registers.write(address, len(values), data, 0) == 0


def logs_of(plant):
    """All settings of the data logs, as a master reads them."""
    target = bytearray(2 * 3 * LOG_STEP)
    for at in range(0, 3 * LOG_STEP, 64):
        assert plant.device.registers.read(LOG + at, 64, target, 2 * at) == 0
    return bytes(target)


def tables_of(plant):
    return [plant.points.read(p.TABLE + i) for i in range(b.TABLES)]


def log(plant, n, sectors, *what):
    """A data log each minute of these registers, two each."""
    first = LOG + LOG_STEP * n
    registers(plant, first, 2 * len(what) << 8 | sectors, 1)
    for i in range(len(what)):
        registers(plant, first + 2 + 2 * i, what[i], what[i] + 1)
    registers(plant, first + 119, *[0x0202] * ((len(what) + 1) // 2))


def plan(plant, index, table):
    plant.write(p.TABLE + index, table)


def one():
    """A meter with logs and tariffs, and its file."""
    plant = Networked()
    plant.run(400)
    web = logged_in(plant)
    log(plant, 0, 90, 0x4000, 0x4002, 0x4008)
    log(plant, 2, 3, *range(0x4000, 0x4048, 2))  # into its third block
    put(web, p.TOU_ON, 1)
    for index, table in (
        (1, DAY),
        (b.SEASONS, SEASONS),
        (b.WEEKEND, b"\x00\x07"),
        (7, YEAR_2026),
        (8, YEAR_2027),
    ):
        plan(plant, index, table)
    return plant, file_of(web)


def test_data_logs_and_tariffs_go_to_another_meter():
    first, data = one()
    said = json.loads(data)
    assert said["tables"][str(TABLES + 1)] == DAY.hex() and said["tables"][str(TABLES + b.WEEKEND)] == "0007"
    assert said["tables"][str(p.SETTING + p.GROUP_LOGS)][:12] == "065a00014000"
    assert len(said["tables"]) == 9 + b.TABLES
    plant = Networked()
    plant.run(400)
    web = logged_in(plant)
    # what is to go away, and years that are in other places: two of a kind there must not be
    log(plant, 1, 90, 0x4010)
    plan(plant, 7, YEAR_2027)
    plan(plant, 9, YEAR_2026)
    plan(plant, 2, DAY)
    answer = send(web, data)
    assert answer.status == 200 and answer.json()["changes"] == 15
    assert tables_of(plant) != tables_of(first)
    assert apply(web, plant)["changes"] == 15
    assert logs_of(plant) == logs_of(first) and tables_of(plant) == tables_of(first)
    assert json.loads(file_of(web)) == said
    plant.run(3000)
    logs = plant.device.meter.logs.logs
    assert logs[0].ring and not logs[1].ring and logs[2].ring
    plant.cut()
    assert logs_of(plant) == logs_of(first) and tables_of(plant) == tables_of(first)
    assert get(logged_in(plant), p.TOU_ON) == 1
    # once more: nothing is to be done
    assert send(logged_in(plant), data).json()["changes"] == 0


def test_power_that_goes_between_any_two_files():
    """As before or as after: settings, data logs and tables together."""

    def told(plant):
        return plant.setting(p.TOU_ON), logs_of(plant), tables_of(plant)

    first, data = one()
    new, olds, n = told(first), 0, 0
    while True:
        plant = Networked()
        plant.run(1500)
        web = logged_in(plant)
        old = told(plant)
        assert send(web, data).status == 200
        plant.files.left = n
        try:
            apply(web, plant)
            plant.run(3000)
        except PowerCut:
            pass
        else:
            break
        plant.files.left = None
        plant.cut()
        assert told(plant) in (old, new), n
        olds += told(plant) == old
        # what a start has taken from the file of the batch goes to those of groups and tables
        plant.run(4000)
        assert not plant.device.meter.settings.batch
        kept = told(plant)
        plant.cut()
        assert told(plant) == kept
        n += 1
    assert told(plant) == new and olds == 1 and n > 4


def test_the_file_of_a_meter_that_had_no_tables_yet_leaves_them_alone():
    plant = Networked()
    web = logged_in(plant)
    plan(plant, 1, DAY)
    before = tables_of(plant), logs_of(plant)
    ct1 = f'"{p.SETTING + p.CT1}":400\n'
    data = summed(["{\n", '"format":2,\n', '"model":"kw320",\n', '"settings":{\n', ct1, "},\n"])
    assert send(web, data).json()["changes"] == 1
    assert apply(web, plant)["changes"] == 1
    assert get(web, p.CT1) == 400 and (tables_of(plant), logs_of(plant)) == before


def test_what_is_refused():
    plant = Networked()
    web = logged_in(plant)
    log(plant, 1, 30, 0x4010)
    head = ['{\n"format":3,\n"model":"kw320",\n"settings":{\n},\n"tables":{\n']
    before = file_of(web)
    block = p.SETTING + p.GROUP_LOGS

    def told(*rows):
        answer = send(web, summed(head + [",\n".join(rows) + "\n", "},\n"]))
        assert file_of(web) == before
        return answer.json()

    for pid, what in (
        (TABLES, "180001"),  # 24:00
        (TABLES, ""),
        (TABLES + 7, "1a021d00"),  # 29 February 2026
        (TABLES + b.SEASONS, "010108"),
        (block, "76000001"),  # 118 registers
        (block, "065a05a1"),  # 1441 minutes
        (block, "00" * 127 + "0001"),  # half a register too long
        (block + 128, "00" * 100 + "0003"),  # mode 3
    ):
        assert told(f'"{pid}":"{what}"') == {"error": "range", "id": pid}, (pid, what)
    # 71 sectors and 30 are too many
    assert told(f'"{block}":"06470001"') == {"error": "range", "id": block}
    # zeros at its end say nothing
    assert told(f'"{block + LOG_STEP + 128}":"0000"')["changes"] == 0
    # the other's go down: in whatever order
    assert "changes" in told(f'"{block}":"06470001"', f'"{block + LOG_STEP}":"041d0001"')
    # the same year twice
    twice = [f'"{TABLES + i}":"{YEAR_2026.hex()}"' for i in (8, 9)]
    assert told(*twice) == {"error": "range", "id": TABLES + 8}
    for row in (
        f'"{block + 1}":"00"',
        f'"{TABLES + b.TABLES}":"00"',
        f'"{p.SETTING + p.CT1}":"00"',
        '"1984":"00"',
    ):
        assert told(row)["error"] == "unknown", row
    for what in ('"0"', '"zz"', "5", "null", "true", "[]"):
        assert told(f'"{TABLES}":{what}')["error"] == "type", what
    assert told(f'"{TABLES}":"000001"', f'"{TABLES}":"000002"')["error"] == "type"
    # among the settings they are nothing
    rows = f'"{TABLES}":"000001"\n'
    data = summed(["{\n", '"format":3,\n', '"model":"kw320",\n', '"settings":{\n', rows, "},\n"])
    assert send(web, data).json()["error"] == "unknown"


def test_tariffs_of_a_sealed_meter_stay_and_so_does_all_else():
    _, data = one()
    plant = Networked()
    plant.run(400)
    web = logged_in(plant)
    put(web, p.TOU_ON, 1)
    before = file_of(web)
    plant.device.meter.settings.sealed = True
    answer = send(web, data)
    assert answer.status == 422 and answer.json()["error"] == "sealed"
    assert file_of(web) == before


def test_a_table_or_a_log_that_somebody_changes_meanwhile():
    _, data = one()
    for change in (lambda plant: plan(plant, 4, b"\x02\x02\x00"), lambda plant: log(plant, 1, 1, 0x4000)):
        plant = Networked()
        plant.run(400)
        web = logged_in(plant)
        assert send(web, data).status == 200
        change(plant)
        assert apply(web, plant) == {"error": "stale"}


def test_an_acurev2020_takes_the_file_of_another_one():
    first = Networked("acurev2020")
    web = logged_in(first)
    changes = (
        (c.CIRCUIT_WIRING, 0),
        (c.CT_1 + 6, 250),
        (p.DEMAND_WINDOW, 10),
        (p.PASSWORD, 1234),
        (p.TOU_ON, 0),
        (MAIL_PASSWORD, b"mail secret"),
    )
    for offset, value in changes:
        put(web, offset, value)
    plan(first, 1, DAY)
    plan(first, b.HOLIDAYS, YEAR_2026)
    data = file_of(web, PHRASE)
    said = json.loads(data)
    assert said["model"] == "acurev2020" and len(said["tables"]) == b.TABLES
    assert "mail secret" not in data and '"1234"' not in data
    plant = Networked("acurev2020")
    plant.run(400)
    web = logged_in(plant)
    assert send(web, data.replace('"acurev2020"', '"kw320"'), PHRASE).json()["error"] == "model"
    assert send(web, data, PHRASE).json()["changes"] == len(changes) + 2
    assert get(web, c.CT_1 + 6) != 250
    assert apply(web, plant)["changes"] == len(changes) + 2
    plant.run(3000)
    plant.cut()
    web = logged_in(plant)
    for offset, value in changes:
        assert (text(web, offset) if isinstance(value, bytes) else get(web, offset)) == value, offset
    assert tables_of(plant) == tables_of(first)
    assert json.loads(file_of(web))["settings"] == said["settings"]
    # and a kw320 does not
    assert send(logged_in(Networked()), data, PHRASE).json() == {
        "error": "model",
        "line": 3,
        "model": "acurev2020",
    }
