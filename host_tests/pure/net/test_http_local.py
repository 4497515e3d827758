"""Files of the module's data loggers, listed and fetched by pages."""

from device.device_fakes import Networked
from net.http_fakes import Web
from posts.post_fakes import set_up, text

from fourquad import points as p
from fourquad.calendar.clock import seconds
from fourquad.points import posts as q
from fourquad.protocols.http import local

DELETED = str(p.SETTING + q.LOGGER_DELETED)


def logged(minutes, **fields):
    """A web server of a meter whose first logger records a voltage a minute, in local files of ten."""
    plant = Networked()
    text(plant, q.LOGGER_PREFIX + 1, b"mine")
    plant = set_up(plant, logger_channel=0, **fields)
    plant.minutes(minutes)
    web = Web(plant)
    web.log_in("user", "view")
    return web


def listed(web, path="/api/files/1"):
    answer = web.ask(path)
    assert answer.status == 200
    return answer.json()


def test_files_end_with_their_span_and_have_every_record_once():
    web = logged(25, logger_local=10, logger_names=1)  # an hour
    said = listed(web)
    assert said["logger"] == 1 and said["next"] is None
    (only,) = said["files"]
    assert only["open"] and only["end"] - only["first"] >= 24
    assert only["name"] == "0123456789ABCDEF-mine-2026-01-01T00-01-00+0000-1min.csv"
    answer = web.ask(f"/api/file/1/{only['first']}-{only['end']}.csv")
    assert answer.status == 200 and answer.head["content-type"] == "text/csv; charset=utf-8"
    assert only["name"] in answer.head["content-disposition"]
    head, *lines = answer.body.decode().split("\r\n")
    assert head == "Time,V1,V2,V3,VAVG" and lines.pop() == ""
    assert len(lines) == only["end"] - only["first"]
    for minute, line in enumerate(lines, 1):
        time, *values = line.split(",")
        assert time == f"2026-01-01 00:{minute:02}:00"
        assert [abs(float(value) - 230) < 1 for value in values] == [True] * 4
    web.plant.minutes(50)
    both = listed(web)["files"]
    assert [each["open"] for each in both] == [False, True]
    assert both[0]["first"] == only["first"] and both[0]["end"] == both[1]["first"] == only["first"] + 59
    rows = web.ask(f"/api/file/1/{both[1]['first']}-{both[1]['end']}.csv").body.decode().split("\r\n")
    assert rows[1].startswith("2026-01-01 01:00:00,")


def test_a_long_list_comes_in_parts():
    web = logged(12, logger_interval=0, logger_post=5, logger_local=10, logger_real=1)
    local_most, local.MOST = local.MOST, 2
    # the spans are those of posts' shortest files, which a local file cannot have
    log = web.points.provider(q.POSTED).logs[0]
    get = log.get
    log.get = lambda offset: 5 if offset == q.LOGGER_LOCAL else get(offset)
    found, path = [], "/api/files/1"
    try:
        while True:
            said = listed(web, path)
            assert len(said["files"]) <= 2
            found += said["files"]
            if said["next"] is None:
                break
            path = f"/api/files/1?from={said['next']}"
    finally:
        local.MOST = local_most
    assert len(found) >= 12 and found[-1]["open"]
    for i in range(1, len(found)):
        one, other = found[i - 1], found[i]
        assert one["end"] == other["first"] and other["end"] - other["first"] <= 60
        assert not one["open"]


def test_a_file_is_deleted_with_all_older_ones():
    web = logged(2, logger_local=10)
    web.plant.skip(3_480_000)  # to the next hour
    web.plant.minutes(3)
    first, second = listed(web)["files"]
    assert first["end"] == second["first"]
    path = f"/api/file/1/{first['first']}-{first['end']}.csv"
    assert web.ask(path).status == 200
    assert web.post("/api/write", {DELETED: first["end"]}).status == 403  # a user
    web.log_in()
    # what there is not, and there is no logger 2
    for pid, end in ((DELETED, second["end"] + 1), (DELETED, -1), (str(int(DELETED) + 1), 0)):
        assert web.post("/api/write", {pid: end}).json()["error"] == "range", (pid, end)
    assert listed(web)["files"] == [first, second]
    assert web.post("/api/write", {DELETED: first["end"]}).json() == {"ok": True}
    assert listed(web)["files"] == [second] and listed(web, "/api/files/1?from=0")["files"] == [second]
    assert web.ask(path).status == 404
    # for good, also over a power cut; what is recorded later is there
    assert web.post("/api/write", {DELETED: first["first"]}).json()["error"] == "range"
    plant = web.plant
    plant.run(3000)
    plant.cut()
    plant.minutes(3)
    web = Web(plant)
    web.log_in()
    (kept,) = listed(web)["files"]
    assert kept["first"] == second["first"] and kept["end"] > second["end"]
    log = plant.points.provider(q.POSTED).logs[0]
    assert log.oldest < second["first"], "posts have them still"
    assert DELETED not in web.ask("/api/config").json()["settings"]
    # other records, which are counted anew
    assert web.post("/api/write", {DELETED: kept["end"]}).json() == {"ok": True}
    assert listed(web)["files"] == []
    plant.set(q.LOGGER_REAL, 2)
    plant.reset_module()
    plant.minutes(3)
    assert listed(web)["files"][0]["first"] == 0


def test_a_logger_begins_when_it_is_to():
    web = logged(8, logger_local=10, logger_start=seconds(2026, 1, 1, 0, 5, 0))
    (only,) = listed(web)["files"]
    lines = web.ask(f"/api/file/1/0-{only['end']}.csv").body.decode().split("\r\n")
    assert [line[:16] for line in lines[1:4]] == [f"2026-01-01 00:{minute:02}" for minute in (5, 6, 7)]
    # later: it rests
    plant = web.plant
    assert plant.set(q.LOGGER_START, seconds(2026, 1, 1, 0, 15, 0)) == p.OK
    plant.minutes(3)
    assert listed(web)["files"][0]["end"] == only["end"]


def test_what_there_is_not():
    web = logged(3)
    for path in ("files/0", "files/4", "files/x", "files/", "files/11", "file/1", "file/1/", "file/1/1-2"):
        assert web.ask("/api/" + path).status == 404, path
    said = listed(web)["files"][0]
    first, end = said["first"], said["end"]
    for span in (f"{first}-{end + 1}", f"{end}-{end}", f"{end}-{first}", f"{first}-", "-5", "a-b", "1-2-3"):
        assert web.ask(f"/api/file/1/{span}.csv").status == 404, span
    assert web.ask("/api/file/2/0-1.csv").status == 404
    assert listed(web, "/api/files/2") == {"logger": 2, "files": [], "next": None}
    assert listed(web, "/api/files/1?from=99999")["files"] == []
    web.sid = ""
    assert web.ask("/api/files/1").status == 401


def test_what_is_running():
    web = Web(Networked())
    assert web.ask("/api/firmware").status == 401
    web.log_in("user", "view")
    said = web.ask("/api/firmware").json()
    assert said["model"] == "kw320" and said["version"] and len(said) == 4
    assert web.post("/api/firmware", {}).status == 405
