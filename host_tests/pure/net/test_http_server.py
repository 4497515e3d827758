"""The web server's machine: answers, who may, forms, and what happens in time."""

import json

from device.device_fakes import Networked
from net.http_fakes import FILES, Answer, Web

from fourquad import points as p
from fourquad.points import audit
from fourquad.points import network as n
from fourquad.protocols.http import server
from fourquad.protocols.http import sessions as s

HTTP_1_1 = " HTTP/1.1\r\nHost: m\r\n"


def test_files():
    web = Web(Networked())
    answer = web.ask("/")
    assert answer.status == 200 and answer.body == FILES[0][3]  # of several pieces
    assert answer.head["content-encoding"] == "gzip" and answer.head["etag"] == '"abc"'
    assert "default-src 'self'" in answer.head["content-security-policy"]
    assert web.ask("/app.js?v=1").head["cache-control"] == "max-age=31536000, immutable"
    assert web.ask("/", lines='If-None-Match: "x", "abc"\r\n').status == 304
    assert web.ask("/", lines='If-None-Match: "x"\r\n').status == 200
    head = web.ask("/", "HEAD")
    assert head.status == 200 and head.head["content-length"] == "2400" and not head.rest
    assert web.ask("/none").status == 404
    answer = web.ask("/", "POST", "{}")
    assert answer.status == 405 and answer.head["allow"] == "GET, HEAD"


def test_requests_in_a_row_are_answered_in_their_order():
    web = Web(Networked())
    machine = web.connect()
    requests = [f"GET {path}{HTTP_1_1}\r\n" for path in ("/app.js", "/", "/none", "/app.js")]
    for step in (1, 100, 512):
        said = web.say(machine, "".join(requests).encode(), step)
        found = []
        while said:
            found.append(Answer(said))
            said = found[-1].rest
        assert [answer.status for answer in found] == [200, 200, 404, 200]
        assert [len(answer.body) for answer in found[:2]] == [2, 2400]
        assert not machine.closing


def test_who_is_of_an_old_version_or_wants_to_go():
    web = Web(Networked())
    machine = web.connect()
    said = Answer(web.say(machine, b"GET /app.js HTTP/1.0\r\n\r\n"))
    assert said.status == 200 and said.head["connection"] == "close" and machine.closing
    web.log_in()
    machine = web.connect()
    request = f"GET /api/values/basic HTTP/1.0\r\nConnection: keep-alive\r\nCookie: sid={web.sid}\r\n\r\n"
    said = Answer(web.say(machine, request.encode()))
    assert "transfer-encoding" not in said.head and said.head["connection"] == "close" and machine.closing
    assert said.json()["page"] == "basic"


def test_a_crowd_is_let_go_after_each_answer():
    web = Web(Networked())
    machines = [web.connect() for _ in range(3)]
    said = Answer(web.say(machines[0], f"GET /app.js{HTTP_1_1}\r\n".encode()))
    assert said.head["connection"] == "close" and machines[0].closing
    machines[0].lost(web.now)
    said = Answer(web.say(machines[1], f"GET /app.js{HTTP_1_1}\r\n".encode()))
    assert "connection" not in said.head and not machines[1].closing


def test_a_refused_request_is_the_last_one():
    web = Web(Networked())
    machine = web.connect()
    said = Answer(web.say(machine, b"GET / HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\n"))
    assert said.status == 400 and said.json() == {"error": "request"}
    assert said.head["connection"] == "close" and not said.rest
    # what still comes is read over for a moment
    assert not machine.closing and machine.room() and machine.run(b"more", 4, web.now) == 0
    web.now += 2000
    assert machine.poll(web.now) == 0 and machine.closing


def test_the_body_of_a_refused_request_is_read_over():
    web = Web(Networked())
    machine = web.connect()
    head = f"POST /api/none{HTTP_1_1}Content-Length: 40\r\n\r\n"
    for step in (1, 30, 512):
        said = Answer(web.say(machine, (head + 40 * "x" + f"GET /app.js{HTTP_1_1}\r\n").encode(), step))
        assert said.status == 404 and Answer(said.rest).status == 200


def test_what_is_no_object_of_json():
    web = Web(Networked())
    web.log_in()
    for body in ("", "[]", "{", "1", '{"1":', "[" * 2000, "\x00", '{"level":[]}', '{"level":"admin"}', "{}"):
        for path in ("login", "password", "write"):
            answer = web.post("/api/" + path, body)
            assert answer.status == (422 if path == "write" and '"level"' in body else 400), (path, body)


def test_a_request_that_never_ends():
    web = Web(Networked())
    machine = web.connect()
    assert web.say(machine, b"GET / HT") == b""
    web.now += server.LATE_MS - 1
    assert web.say(machine, b"TP") == b""
    web.now += 1
    assert Answer(web.say(machine, b"")).status == 408
    idle = web.connect()
    web.now += 1000000
    assert web.say(idle, b"") == b"" and not idle.closing


def test_log_in_and_out():
    web = Web(Networked())
    assert web.ask("/api/session").json()["level"] is None
    for path in ("/api/values/basic", "/api/settings/meter", "/api/diagnostics"):
        answer = web.ask(path)
        assert answer.status == 401 and answer.json() == {"error": "login"}
    answer = web.log_in("user", "view")
    assert answer.status == 200 and answer.json()["level"] == "user"
    assert answer.json()["defaults"] == ["user", "admin"]
    assert "HttpOnly; SameSite=Strict" in answer.head["set-cookie"]
    assert web.ask("/api/session").json()["csrf"] == web.csrf
    assert web.ask("/api/values/basic").status == 200
    answer = web.post("/api/write", {"3075": 4001})
    assert answer.status == 403 and answer.json() == {"error": "level"}
    assert web.post("/api/logout", {}).json() == {"ok": True}
    assert web.ask("/api/values/basic").status == 401
    assert web.noted == [(audit.LOGGED_IN, s.USER), (audit.LOGGED_OUT, s.USER)]


def test_a_post_without_the_token_or_from_another_page():
    web = Web(Networked())
    web.log_in()
    csrf, web.csrf = web.csrf, "x"
    assert web.post("/api/write", {"3075": 4001}).json() == {"error": "csrf"}
    web.csrf = csrf
    for origin in ("http://evil", "https://meter", "null", "http://meter.evil"):
        assert web.post("/api/write", {"3075": 4001}, f"Origin: {origin}\r\n").json() == {"error": "origin"}
    assert web.post("/api/login", {}, "Origin: http://evil\r\n").json() == {"error": "origin"}
    assert web.post("/api/write", {"3075": 4001}, "Origin: http://meter\r\n").json() == {"ok": True}
    head = (
        f"Cookie: sid={web.sid}\r\nX-CSRF-Token: {csrf}\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n"
    )
    web.sid = ""
    assert Answer(web.say(web.connect(), f"POST /api/write{HTTP_1_1}{head}\r\n{{}}".encode())).status == 415


def test_wrong_passwords_and_how_long_they_lock():
    web = Web(Networked())
    for _ in range(s.FREE):
        assert web.log_in(password="wrong").json() == {"error": "password"}
    answer = web.log_in()
    assert answer.status == 429 and answer.json() == {"error": "locked", "wait_s": 30}
    assert answer.head["retry-after"] == "30"
    web.now += 30000
    assert web.log_in(password="wrong").status == 401
    assert web.log_in().json()["wait_s"] == 60
    # another address has not guessed
    machine = web.connect("192.168.1.21")
    body = '{"level":"admin","password":"admin"}'
    head = f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    assert Answer(web.say(machine, f"POST /api/login{HTTP_1_1}{head}{body}".encode())).status == 200
    web.now += 60000
    assert web.log_in().status == 200
    assert web.log_in(password="wrong").status == 401 and web.log_in().status == 200


def test_who_knows_the_users_password_has_no_more_guesses_at_the_administrators():
    web = Web(Networked())
    for _ in range(s.FREE):
        assert web.log_in(password="wrong").json() == {"error": "password"}
        assert web.log_in("user", "view").status == 200
    assert web.log_in().json() == {"error": "locked", "wait_s": 30}


def test_a_session_ends_when_nobody_uses_it():
    web = Web(Networked())
    web.log_in()
    web.now += 599000
    assert web.ask("/api/session").json()["level"] == "admin"
    web.now += 599000
    assert web.ask("/api/session", lines="X-Idle: 1\r\n").json()["level"] == "admin"
    web.now += 1000
    assert web.ask("/api/session").json()["level"] is None


def test_one_session_more_than_there_may_be():
    web = Web(Networked())
    web.log_in()
    first = web.sid
    for _ in range(s.MOST):
        web.now += 10
        web.log_in()
    assert web.ask("/api/session").json()["level"] == "admin"
    web.sid = first
    assert web.ask("/api/session").json()["level"] is None


def test_new_passwords():
    web = Web(Networked())
    web.log_in()
    new = {"level": "user", "current": "admin", "password": "longer"}
    assert web.post("/api/password", dict(new, password="short")).json() == {"error": "range"}
    assert web.post("/api/password", dict(new, current="view")).json() == {"error": "password"}
    assert web.post("/api/password", new).json() == {"ok": True}
    kept = web.points.provider(p.SETTING + n.HTTP_USER).texts.read(n.HTTP_USER - p.GROUP_NETWORK)
    assert kept and b"longer" not in kept
    assert web.ask("/api/session").json()["defaults"] == ["admin"]
    assert (
        b"longer" not in web.ask("/api/settings/http").body and kept not in web.ask("/api/settings/http").body
    )
    assert web.log_in("user", "view").status == 401
    assert web.log_in("user", "longer").status == 200
    # the panel, or a master, brings back the manual's
    assert web.points.write(p.COMMAND + n.RESET_WEB_PASSWORDS, 1) == p.OK
    assert web.log_in("user", "longer").status == 401
    assert web.log_in("user", "view").status == 200
    # who changed it is known to the audit log, which hears of the change itself
    assert web.user == s.ADMIN and (audit.REFUSED, s.USER) in web.noted


def test_who_guesses_too_often_is_in_the_audit_log():
    web = Web(Networked())
    for _ in range(s.FREE - 1):
        assert web.log_in("user", "guess").status == 401
    assert (audit.LOCKED, s.USER) not in web.noted
    assert web.log_in("user", "guess").status == 401
    assert web.noted[-2:] == [(audit.REFUSED, s.USER), (audit.LOCKED, s.USER)]
    noted = len(web.noted)
    assert web.log_in("user", "guess").status == 429 and len(web.noted) == noted


def test_while_a_password_is_looked_at_another_has_to_wait():
    web = Web(Networked())
    web.log_in()
    web.post("/api/password", {"level": "admin", "current": "admin", "password": "longer"})
    body = '{"level":"admin","password":"longer"}'
    head = f"POST /api/login{HTTP_1_1}Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    one, other = web.connect(), web.connect()
    data = (head + body).encode()
    assert one.run(data, len(data), web.now) == 0 and one.busy
    for _ in range(3):
        assert one.poll(web.now) == 0 and one.busy
    assert Answer(web.say(other, data)).status == 503
    one.lost(web.now)
    other.lost(web.now)
    assert web.log_in(password="longer").status == 200


def test_a_form_is_written_whole_or_not_at_all():
    web = Web(Networked())
    web.log_in()
    pt1, address, name = p.SETTING + p.PT1, p.SETTING + p.ADDRESS_1, p.SETTING + n.HOST_NAME
    for body, why, pid in (
        ({pt1: 4001, address: 0}, "range", address),
        ({pt1: 4001, name: "not a label"}, "range", name),
        ({pt1: 4001, name: 7}, "type", name),
        ({pt1: "4001"}, "type", pt1),
        ({pt1: 4001.5}, "type", pt1),
        ({pt1: True}, "type", pt1),
        ({pt1: 4001, p.SETTING + n.HTTP_ADMIN: ""}, "unknown", p.SETTING + n.HTTP_ADMIN),
        ({pt1: 4001, p.SECONDARY: 1}, "unknown", p.SECONDARY),
        ({pt1: 4001, p.SETTING + 60: 1}, "unknown", p.SETTING + 60),
        ({pt1: 4001, "x": 1}, "unknown", "x"),
        ({pt1: 4001, p.SETTING + p.SECOND_PROTOCOL: 0}, "sealed", p.SETTING + p.SECOND_PROTOCOL),
    ):
        answer = web.post("/api/write", body)
        assert answer.status == 422 and answer.json() == {"error": why, "id": pid}, (body, answer.body)
        assert web.points.read(pt1) == 4000
    assert web.post("/api/write", {pt1: 4001, address: 7, name: "kitchen"}).json() == {"ok": True}
    assert web.points.read(pt1) == 4001 and web.points.read(address) == 7
    for body in (
        "",
        "[]",
        "{",
        "1",
        '{"1":',
        "{}",
        "[" * 2000,
        '{"a":"\\ud800"}',
        "\x00",
        '{"\\u00b9":1}',
        '{"\\ud800":1}',
    ):
        assert web.post("/api/write", body).status in (400, 422)


def test_a_sealed_meter_refuses_a_form():
    web = Web(Networked())
    web.log_in()
    web.plant.device.meter.settings.sealed = True
    answer = web.post("/api/write", {p.SETTING + p.ADDRESS_2: 5, p.SETTING + p.PT1: 4001})
    assert answer.json() == {"error": "sealed", "id": p.SETTING + p.PT1}
    assert web.points.read(p.SETTING + p.ADDRESS_2) == 1
    rows = web.ask("/api/settings/meter").json()["settings"]
    assert all(row["sealed"] for row in rows if row["id"] == p.SETTING + p.PT1)


def test_the_list_of_addresses_does_not_shut_out_who_writes_it():
    web = Web(Networked())
    web.log_in()
    switch, first = p.SETTING + n.ACCESS_HTTP, p.SETTING + n.ALLOWED
    assert web.post("/api/write", {switch: 1}).json() == {"error": "lockout", "id": switch}
    assert web.post("/api/write", {switch: 1, first: "10.0.0.1"}).json()["error"] == "lockout"
    assert web.post("/api/write", {switch: 1, first: "192.168.1.*"}).json() == {"ok": True}
    assert web.post("/api/write", {first: ""}).json() == {"error": "lockout", "id": first}


def test_the_clock_is_set_as_a_whole():
    web = Web(Networked())
    web.log_in()
    fields = [p.STATE + p.YEAR + i for i in range(6)]
    wanted = {pid: value for value, pid in enumerate(fields)}
    wanted[fields[0]], wanted[fields[2]] = 2027, 32
    assert web.post("/api/write", wanted).json()["error"] == "range"
    wanted[fields[1]], wanted[fields[2]] = 2, 29  # of no leap year
    assert web.post("/api/write", wanted).json()["error"] == "range"
    wanted[fields[2]] = 28
    assert web.post("/api/write", wanted).json() == {"ok": True}
    assert web.ask("/api/values/about").json()["time"] == "2027-02-28 03:04:05"


def test_every_page_and_every_form():
    web = Web(Networked())
    web.log_in("user", "view")
    web.plant.run(1500)
    tables = web.service.api.tables
    for name, rows in tables.PAGES:
        answer = web.ask("/api/values/" + name)
        assert answer.status == 200 and answer.head["content-type"] == "application/json"
        assert sorted(answer.json()["values"]) == sorted([row[0] for row in rows]), name
    basic = web.ask("/api/values/basic").json()["values"]
    assert abs(basic["v1"] - 230) < 1 and abs(basic["i1"] - 5) < 0.05 and abs(basic["p_sum"] - 3.45) < 0.03
    seen = []
    for name, _ in tables.FORMS:
        for row in web.ask("/api/settings/" + name).json()["settings"]:
            assert "value" in row or "text" in row or "secret" in row
            seen.append(row["id"] - p.SETTING)
    assert len(seen) == len(set(seen))
    for offset in (p.PT1, p.ADDRESS_1, p.BACKLIGHT, n.DHCP, n.HOST_NAME, n.HTTP_TITLE, n.NTP_SERVER):
        assert offset in seen
    assert n.HTTP_ADMIN not in seen
    # this one has no power quality
    odd = ("waves", "wave/1", "log/quality")
    for path in ("values/none", "settings/none", "log/none", "datalog/4.csv", "none") + odd:
        assert web.ask("/api/" + path).status == 404
    assert web.ask("/api/login").status == 405 and web.post("/api/session", {}).status == 405


def test_logs_and_counters():
    web = Web(Networked())
    web.log_in()
    assert web.ask("/api/log/alarms").json() == {"log": "alarms", "records": []}
    assert web.ask("/api/log/soe.csv").body.startswith(b"Number,Year,")
    assert web.ask("/api/datalog/1.csv").body == b"Time\r\n"
    told = web.ask("/api/diagnostics").json()
    assert "http" in [row["name"] for row in told["services"]]
    web.service.tick(web.now)
    web.now += 2500
    web.service.tick(web.now)
    assert web.ask("/api/diagnostics").json()["up_s"] == 2
    counted = web.service.counters
    assert len(counted) == len(server.COUNTERS)
    assert (counted[server.LOGINS], counted[server.WRONG_PASSWORDS], counted[server.REQUESTS]) == (1, 0, 6)


def test_a_title_that_would_be_markup_is_only_a_text():
    web = Web(Networked())
    web.log_in()
    title = '<b>"\\'
    assert web.post("/api/write", {p.SETTING + n.HTTP_TITLE: title}).status == 200
    assert web.ask("/api/session").json()["title"] == title
    assert json.loads(web.ask("/api/values/about").body)["values"]["title"] == title


def test_the_audit_log_is_an_administrators():
    plant = Networked()
    plant.run(1500)
    web = Web(plant)
    kept = web.service.api.audit_log = plant.device.meter.audit
    kept.serve("http", ("192.168.1.20", 40000))
    web.log_in("user", "view")
    assert web.ask("/api/audit").status == 403
    web.log_in("admin", "admin")
    assert web.post("/api/write", {str(p.SETTING + p.BACKLIGHT): 7}).status == 200
    records = web.ask("/api/audit").json()["records"]
    words = records[0]["words"]
    who = audit.of_service("http") << 8 | s.ADMIN
    assert words[7:13] == [audit.SETTING, who, 192 << 8 | 168, 1 << 8 | 20, p.SETTING + p.BACKLIGHT, 0]
    assert words[21] == 7
    assert [record["words"][7] for record in records[1:]] == [audit.LOGGED_IN, audit.LOGGED_IN, audit.STARTED]
    lines = web.ask("/api/audit.csv").body.decode().splitlines()
    assert len(lines) == 1 + len(records) and lines[1].startswith(f"{records[0]['number']},2026,")
