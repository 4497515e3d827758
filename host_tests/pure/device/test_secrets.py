"""What is told to nobody, by the tables of the models: passwords that are written and come back nowhere."""

from device.device_fakes import started
from net.http_fakes import Web

from fourquad import points as p
from fourquad.models.kw320 import web
from fourquad.points import columns as c
from fourquad.protocols.http import api
from fourquad.protocols.modbus.codes import SPAN

MODELS = ("kw320", "acurev2020")
MOST = 125  # registers of a request


def secrets(plant):
    """Group of texts, place in it, and row of each."""
    return [
        (group, row[c.OFFSET] - group.first, row)
        for group in plant.device.meter.settings.groups
        for row in (group.texts.rows if group.texts else ())
        if row[c.SECRET]
    ]


def allowed(row, number):
    """A text that this row allows, and that stands nowhere else."""
    text = b"4%03d" % number * 99
    return text[: max(row[c.SHORTEST], min(row[c.LONGEST], 12))]


def fill(plant):
    """Each has a text of its own now; those texts."""
    told = []
    for number, (group, place, row) in enumerate(secrets(plant)):
        text = allowed(row, number)
        assert group.texts.check(place, text) == p.OK and group.texts.write(place, text) == p.OK
        assert group.texts.read(place) == text
        told.append(text)
    assert len(told) >= 6
    return told


def registers(plant):
    """All that a master can read, request by request."""
    registers = plant.device.registers
    out = bytearray()
    answer = bytearray(2 * MOST)
    table = registers._spans
    spans = [(table[at], table[at + 1] + 1) for at in range(0, len(table), SPAN)]
    spans += [(first, end) for first, end, _, _ in registers._blocks]
    for first, end in spans:
        for at in range(first, end, MOST):
            count = min(MOST, end - at)
            assert registers.read(at, count, answer, 0, None) == 0
            out += answer[: 2 * count]
        out += b"|"
    return bytes(out)


def test_no_master_reads_one_back():
    for name in MODELS:
        plant = started(name)
        told = fill(plant)
        read = registers(plant)
        assert b"fourquad" in read, "names are there"
        for text in told:
            assert text[:8] not in read, (name, text)


def test_every_one_with_a_register_is_written_by_a_master_and_reads_zeros():
    for name in MODELS:
        plant = started(name)
        model, registers = plant.model, plant.device.registers
        kinds = {row[c.POINT] - p.SETTING: row[: c.POINT] for row in model.SETTING_REGISTERS}
        seen = 0
        for number, (group, place, row) in enumerate(secrets(plant)):
            if row[c.OFFSET] not in kinds:
                continue
            address, count, kind = kinds[row[c.OFFSET]]
            text = allowed(row, number)
            data = text + bytes(2 * count - len(text))
            assert kind == "secret" and registers.write(address, count, data, 0) == 0
            assert group.texts.read(place) == text
            answer = bytearray(b"x" * 2 * count)
            assert registers.read(address, count, answer, 0) == 0 and answer == bytes(2 * count)
            seen += 1
        assert seen >= 2, name
        texts = [row[c.OFFSET] for row in model.TEXTS if not row[c.SECRET]]
        assert all(kinds[offset][2] == "text" for offset in texts if offset in kinds)


def test_the_web_pages_tell_none():
    plant = started("kw320")
    told = [text for text in fill(plant) if b"$" not in text]
    offsets = [row[c.OFFSET] for _, _, row in secrets(plant)]
    assert set(offsets) <= set(web.SECRETS + web.HIDDEN)
    for group, place, row in secrets(plant):
        if row[c.OFFSET] in web.HIDDEN:
            group.texts.write(place, b"")  # the manual's passwords let us in
    pages = Web(plant)
    assert pages.log_in().status == 200
    audit = plant.device.meter.audit
    pages.newest, pages.oldest, pages.read = audit.newest, audit.oldest, audit.read
    paths = ["/api/settings/" + name for name, _ in web.FORMS]
    paths += ["/api/values/" + row[0] for row in web.PAGES]
    paths += [row[1] for row in api._ROUTES if row[0] == "GET" and row[1][-1] != "/"]
    marked = 0
    for path in paths:
        answer = pages.ask(path)
        for text in told:
            assert text[:8] not in answer.body, (path, text)
        if path.startswith("/api/settings/"):
            shown = answer.json()["settings"]
            marked += sum([one.get("secret", False) for one in shown if one["id"] - p.SETTING in offsets])
    assert marked >= 6
