"""A configuration as a file, and back: sealed, whole or not at all."""

import json
from hashlib import sha256

from device.device_fakes import Networked
from net.backup_bench import (
    CHANGES,
    PHRASE,
    SECRET,
    apply,
    changed,
    file_of,
    get,
    logged_in,
    put,
    send,
    summed,
    text,
)
from net.http_fakes import Web

from fourquad import points as p
from fourquad.device.network import audit_of
from fourquad.points import audit as a
from fourquad.points import network as n
from fourquad.points.mail import MAIL_PASSWORD, MAIL_SERVER
from fourquad.protocols.http import sealing

# What Python's hashlib and hmac make of it with the salt 00 01 ... 0f and 1000 rounds.
VECTORS = [
    "c483d35232f265201c44eeff3a9bd84d5fd37c32336cd395431bfc8aa0955b65",
    "0853abf891eebbeaacd2cc90fdeee7ee9b9e095e91f83d1bd43f95a7399f492b",
    "febcf8b28007d17a845abee3409ef44d98727f1464afeae81afe058b56bf1cce"
    "34a0d16f753ff4b62a02408fce26f0801855c458098872681bb1589e1cacca80",
]
MARK = "c1315976cca65305b83905686d19633d88e03d1c88861a87ccb765b92b98b208"


def test_what_is_sealed_is_as_the_standards_have_it():
    """By Python's hashlib.pbkdf2_hmac and hmac."""
    seal = sealing.Seal(b"correct horse", bytes(range(16)), 1000)
    while not seal.step():
        pass
    assert [seal.hide(each).hex() for each in (b"secret", b"", b"x" * 40)] == VECTORS
    assert seal.mark(sha256(b"abc").digest()).hex() == MARK
    seal = sealing.Seal(b"correct horse", bytes(range(16)), 1000)
    while not seal.step():
        pass
    assert [seal.show(bytes.fromhex(each)) for each in VECTORS] == [b"secret", b"", b"x" * 40]
    assert seal.show(b"") is None and seal.show(bytes(31)) is None and seal.show(bytes(32)) is None


def test_a_backup_is_json_and_has_no_secret():
    web = logged_in()
    put(web, MAIL_PASSWORD, SECRET)
    put(web, p.CT1, 400)
    answer = web.ask("/api/config")
    assert answer.head["content-disposition"] == 'attachment; filename="kw320-config.json"'
    said = answer.json()
    assert said["format"] == 3 and said["model"] == "kw320" and "sealed" not in said
    assert said["settings"][str(p.SETTING + p.CT1)] == 400
    assert said["settings"][str(p.SETTING + n.MODBUS_PORT)] == 502
    assert str(p.DNP3) in said["settings"]
    assert SECRET not in answer.body
    for offset in (MAIL_PASSWORD, p.PASSWORD, n.HTTP_ADMIN, n.IP, n.HTTP_PORT, n.ALLOWED, n.HOST_NAME):
        assert str(p.SETTING + offset) not in said["settings"]
    sealed = file_of(web, PHRASE)
    assert SECRET.decode() not in sealed
    both = json.loads(sealed)
    assert both["settings"] == said["settings"]
    assert (
        str(p.SETTING + MAIL_PASSWORD) in both["sealed"] and str(p.SETTING + n.HTTP_ADMIN) in both["sealed"]
    )
    assert (a.EXPORTED, 2) in web.noted
    # each has a salt of its own
    assert json.loads(file_of(web, PHRASE))["sealed"] != both["sealed"]


def test_only_an_administrator_and_with_the_token():
    web = logged_in()
    data = file_of(web)
    web.csrf = "0" * 32
    assert send(web, data).json()["error"] == "csrf"
    assert web.post("/api/config", {"passphrase": PHRASE}).status == 403
    web.log_in("user", "view")
    assert send(web, data).json()["error"] == "level"
    assert web.ask("/api/config").status == 403
    web.sid = ""
    assert send(web, data).status == 401


def test_a_file_goes_to_another_meter():
    first, data = changed(Networked())
    for size in (700, 64, 1400):
        plant = Networked()
        plant.run(400)
        web = logged_in(plant)
        answer = send(web, data, PHRASE, size)
        assert answer.status == 200
        assert answer.json()["changes"] == len(CHANGES) + 1 and answer.json()["sealed"] > 5
        assert get(web, p.CT1) != 400  # not yet
        assert apply(web, plant) == {"ok": True, "changes": len(CHANGES) + 1}
        for offset, value in CHANGES:
            assert (text(web, offset) if isinstance(value, bytes) else get(web, offset)) == value
        assert web.points.read(p.DNP3 + 4) == first.points.read(p.DNP3 + 4)
        records = array_of(plant)
        assert records[-1][a.WHAT] == a.IMPORTED and records[-1][a.WHO] == 17 << 8 | 2
        assert records[-1][a.OLD + 1] == len(CHANGES) + 1
        assert records[-1][a.NEW] == int(json.loads(data)["sum"][:4], 16)
        # and a power cut does not undo it
        plant.run(3000)
        plant.power_on()
        again = Web(plant)
        assert [get(again, p.CT1), get(again, n.MODBUS_PORT)] == [400, 2002]
        assert text(again, MAIL_PASSWORD) == SECRET
        assert not plant.device.meter.settings.batch


def array_of(plant):
    log = audit_of(plant.points)
    words = [0] * a.WORDS
    found = []
    for number in range(log.oldest(), log.newest() + 1):
        assert log.read(number, words)
        found.append(list(words))
    return found


def test_the_same_file_again_changes_nothing_and_writes_nothing():
    plant = Networked()
    web, data = changed(plant)
    plant.run(3000)
    writes = plant.files.writes
    assert send(web, data, PHRASE).json()["changes"] == 0
    assert apply(web, plant) == {"ok": True, "changes": 0}
    assert plant.files.writes == writes


def test_without_the_passphrase_the_secrets_stay():
    _, data = changed(Networked())
    plant = Networked()
    web = logged_in(plant)
    put(web, MAIL_PASSWORD, b"own")
    answer = send(web, data)
    assert answer.status == 200 and answer.json()["sealed"] == 0
    assert apply(web, plant)["changes"] == len(CHANGES) - 1
    assert text(web, MAIL_PASSWORD) == b"own" and get(web, p.PASSWORD) == 0
    assert get(web, p.CT1) == 400


def refusing():
    """What says why a file is refused, which has changed nothing."""
    plant = Networked()
    web = logged_in(plant)
    before = file_of(web)

    def refused(data, passphrase=""):
        answer = send(web, data, passphrase, 1400)
        assert answer.status == 422, answer.body
        assert web.post("/api/import", {"apply": True}).status == 409
        assert not plant.device.meter.settings.changed and plant.device.meter.settings.batch is None
        assert file_of(web) == before
        return answer.json()

    return refused


def test_what_is_refused_and_why():
    refused = refusing()
    _, data = changed(Networked())
    assert refused(data, "another phrase")["error"] == "passphrase"
    assert refused(data.replace('"kw320"', '"kw320q"'), PHRASE) == {
        "error": "model",
        "line": 3,
        "model": "kw320q",
    }
    assert refused(data.replace('"format":3', '"format":4')) == {"error": "newer", "line": 2, "format": 4}
    assert refused('{"model":"kw320","format":1,"settings":{"3072":1}}')["error"] == "damaged"
    assert refused("no file of ours\n")["error"] == "file"
    assert refused("x" * 2000)["error"] == "file"
    # whatever octet is another one, or missing
    lines = data.split("\n")
    words = ("damaged", "file", "model", "newer", "passphrase")
    for at in range(0, len(data), 1009):
        if data[at] not in "\n{}":
            other = data[:at] + ("1" if data[at] != "1" else "2") + data[at + 1 :]
            assert refused(other, PHRASE)["error"] in words, at
    for cut in (1, 100, len(data) // 2, len(data) - 3):
        assert refused(data[:cut])["error"] in ("damaged", "file")
    assert refused("\n".join(lines[:40] + lines[41:]))["error"] == "damaged"
    assert refused(data + data)["error"] == "file"


def test_a_value_that_cannot_be_is_named_with_its_limits():
    begin = ["{\n", '"format":2,\n', '"model":"kw320",\n', '"settings":{\n']
    refused = refusing()

    def told(*rows):
        return refused(summed(begin + [",\n".join(rows) + "\n", "},\n"]))

    ct1 = p.SETTING + p.CT1
    assert told(f'"{ct1}":50001') == {"error": "range", "id": ct1, "low": 1, "high": 50000}
    host = p.SETTING + MAIL_SERVER
    assert told(f'"{host}":"{"h" * 41}"') == {"error": "range", "id": host, "low": 0, "high": 40}
    assert told(f'"{ct1}":400', '"9999":1')["error"] == "unknown"
    assert told(f'"{ct1}":400', f'"{p.SETTING + n.IP}":1')["error"] == "unknown"
    assert told(f'"{ct1}":400', f'"{p.SETTING + MAIL_PASSWORD}":"x"')["error"] == "unknown"
    assert told(f'"{ct1}":400', f'"{ct1}":401')["error"] == "type"
    assert told(f'"{ct1}":"400"')["error"] == "type" and told(f'"{ct1}":true')["error"] == "type"
    assert told(f'"{host}":4')["error"] == "type"
    # what holds for one depends on another
    sub = f'"{p.SETTING + p.DEMAND_SUB_INTERVAL}":'
    window = f'"{p.SETTING + p.DEMAND_WINDOW}":'
    assert told(f"{window}31")["error"] == "range" and told(f"{sub}0")["error"] == "range"


def test_two_services_that_change_their_ports():
    """What one had the other takes: no port is two services' once all of it is stored."""
    begin = ["{\n", '"format":2,\n', '"model":"kw320",\n', '"settings":{\n']
    swap = f'"{p.SETTING + n.MODBUS_PORT}":2001,\n"{p.SETTING + n.DNP3_PORT}":20001\n'
    plant = Networked()
    web = logged_in(plant)
    assert send(web, summed(begin + [swap, "},\n"])).status == 200
    assert apply(web, plant)["changes"] == 2


def test_what_somebody_changes_meanwhile_is_no_part_of_it():
    """A file says what all of it is to be: a value that was as the file has it is not any more."""
    _, data = changed(Networked())
    plant = Networked()
    web = logged_in(plant)
    assert send(web, data, PHRASE).status == 200
    put(web, p.DEMAND_SUB_INTERVAL, 5 if get(web, p.DEMAND_SUB_INTERVAL) != 5 else 3)
    assert apply(web, plant) == {"error": "stale"}
    assert get(web, p.CT1) != 400
    assert send(web, data, PHRASE).status == 200
    assert apply(web, plant)["changes"] == len(CHANGES) + 2


def test_what_is_sealed_at_the_meter_refuses_all_of_it():
    _, data = changed(Networked())
    plant = Networked()
    web = logged_in(plant)
    settings = plant.device.meter.settings
    put(web, p.SEAL_OPTIONS, 2)
    settings.sealed = True
    answer = send(web, data, PHRASE)
    assert answer.status == 422 and answer.json()["error"] == "sealed"
    assert get(web, n.MODBUS_PORT) == 502


def test_one_import_at_a_time_each_piece_in_its_place_and_not_for_ever():
    plant = Networked()
    web = logged_in(plant)
    data = file_of(web)
    assert web.post("/api/import", {"at": 5, "text": "x"}).json() == {"error": "at", "at": 0}
    assert web.post("/api/import", {"apply": True}).status == 409
    assert web.post("/api/import", {"at": 0, "text": data[:600]}).json()["at"] == 600
    assert web.post("/api/import", {"at": 500, "text": data[500:700]}).json() == {"error": "at", "at": 600}
    mine = web.sid, web.csrf
    web.log_in()
    assert web.post("/api/import", {"at": 0, "text": data[:600]}).status == 503
    assert web.post("/api/import", {"at": 600, "text": "x"}).status == 409
    for _ in range(70):
        web.now += 1000
        web.service.tick(web.now)
    assert web.service.api.importing is None
    assert web.post("/api/import", {"at": 0, "text": data[:600]}).status == 200
    web.sid, web.csrf = mine
    assert web.post("/api/import", {"at": 600, "text": data[600:700]}).json()["error"] == "at"
    for body in (
        {"at": -1, "text": "x"},
        {"at": 0},
        {"text": "x"},
        {"at": "0", "text": "x"},
        {"at": 0, "text": 1},
    ):
        assert web.post("/api/import", body).status in (400, 409)
    for phrase in ("short", "x" * 65, 5):
        assert web.post("/api/config", {"passphrase": phrase}).status in (400, 422)


def test_a_client_that_goes_away_in_the_middle_leaves_nothing():
    web = logged_in()
    data = file_of(web)
    body = json.dumps({"at": 0, "text": data[:1000]})
    machine = web.connect()
    head = f"POST /api/import HTTP/1.1\r\nHost: meter\r\nCookie: sid={web.sid}\r\n"
    head += f"X-CSRF-Token: {web.csrf}\r\nContent-Type: application/json\r\n"
    request = f"{head}Content-Length: {len(body)}\r\n\r\n{body}".encode()
    for at in range(0, len(request), 256):
        machine.run(request[at : at + 256], len(request[at : at + 256]), web.now)
        machine.poll(web.now)
    for _ in range(5):  # modules, one a step
        if not web.service.api.importing:
            machine.poll(web.now)
    assert web.service.api.importing
    machine.lost(web.now)
    assert web.service.api.importing is None
    assert send(web, data).status == 200


def test_what_few_ask_for_is_imported_a_module_a_step():
    web = logged_in()
    machine = web.connect()
    poll, there = machine.poll, web.service.api._modules
    steps = []

    def watched(now):
        before = len(there)
        n = poll(now)
        steps.append(len(there) - before)
        return n

    machine.poll = watched
    answer = web.ask("/api/import", "POST", {"apply": True}, machine=machine)
    assert answer.status == 409 and sorted(steps)[-5:] == [0, 1, 1, 1, 1]
    # they are there now, for the next who asks
    count = len(there)
    assert web.ask("/api/config").status == 200 and len(there) == count
