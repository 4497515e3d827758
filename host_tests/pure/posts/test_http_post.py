"""The first logger of a whole meter, posted over HTTP to a server that the test plays."""

import json

from device.device_fakes import Networked
from posts.post_fakes import SERVER, called, rows, serve, set_up, state, text, told

from fourquad import points as p
from fourquad.points import posts as q

START = 1767225600  # 2026-01-01 00:00:00


def test_a_file_is_posted_when_its_time_is_over():
    plant = set_up(Networked())
    assert state(plant) == (q.RECORDING, 0)
    plant.minutes(4)
    assert serve(plant) is None
    plant.minutes(1)
    line, fields, body = serve(plant)
    assert line == b"POST /in HTTP/1.1"
    assert fields[b"Host"] == SERVER.encode()
    assert fields[b"Content-Type"] == b"text/csv"
    assert int(fields[b"Content-Length"]) == len(body)
    name = b"0123456789ABCDEF-logger1-2026-01-01T00-01-00+0000-1min.csv"
    assert fields[b"Content-Disposition"] == b'attachment; filename="' + name + b'"'
    assert body.startswith(b"Time,V1,V2,V3,VAVG\r\n") and body.endswith(b"\r\n")
    assert [time for time, _ in rows(body)] == [b"2026-01-01 00:0%d:00" % minute for minute in range(1, 5)]
    for _, values in rows(body):
        assert len(values) == 4
        assert all(abs(float(value) - 230) < 1 for value in values)
    assert told(plant, q.POST_RESULT) == 200
    assert told(plant, q.POST_SENT) == 1
    assert serve(plant) is None
    plant.minutes(5)
    again = serve(plant)
    assert rows(again[2])[0][0] == b"2026-01-01 00:05:00"
    assert again[1][b"Idempotency-Key"] != fields[b"Idempotency-Key"]


def test_what_has_not_arrived_is_posted_again_under_the_same_key():
    plant = set_up(Networked())
    plant.minutes(5)
    first = serve(plant, b"HTTP/1.1 500 No\r\n\r\n")
    assert told(plant, q.POST_RESULT) == 500
    assert serve(plant, ms=4500) is None
    second = serve(plant, None)
    assert second == first
    assert told(plant, q.POST_RESULT) == 4
    third = serve(plant, ms=15000)
    assert third == first
    assert told(plant, q.POST_FAILED) == 2 and told(plant, q.POST_SENT) == 1


def test_json_with_token_and_meter_id():
    plant = Networked()
    text(plant, q.POST_SECRET, b"s3cret")
    text(plant, q.POST_USER, b'Meter "1"')
    set_up(plant, logger_form=q.JSON, post_authorize=1, logger_details=15, logger_real=0x101)
    plant.minutes(5)
    _, fields, body = serve(plant)
    assert fields[b"Authorization"] == b"Bearer s3cret"
    assert fields[b"Meter-ID"] == b'Meter "1"'
    assert fields[b"Content-Type"] == b"application/json"
    said = json.loads(body.decode())
    assert said["meter"] == 'Meter "1"' and said["logger"] == 1
    assert said["id"] == fields[b"Idempotency-Key"].decode().strip('"')
    assert said["columns"][:5] == ["V1", "V1_MIN", "V1_MAX", "V1_AVG", "V2"]
    assert said["columns"][-4:] == ["F", "F_MIN", "F_MAX", "F_AVG"]
    assert [record[0] for record in said["records"]] == [START + 60 * minute for minute in range(1, 5)]
    for record in said["records"]:
        assert len(record) == 1 + len(said["columns"])
        assert record[2] <= record[1] <= record[3]
        assert record[2] <= record[4] <= record[3]


def test_a_test_is_posted_at_once():
    plant = set_up(Networked())
    assert plant.set(q.POST_TEST, 1) == p.OK
    _, fields, body = serve(plant)
    assert body == b"test\r\n" and fields[b"Idempotency-Key"].endswith(b'-test"')
    assert plant.get(q.POST_TEST) == 0 and told(plant, q.POST_RESULT) == 200


def test_what_waits_can_be_cleared():
    plant = set_up(Networked())
    plant.minutes(5)
    assert told(plant, q.POST_WAITING) == 5
    assert plant.set(q.POST_CLEAR, 1) == p.OK
    plant.run(500)
    assert told(plant, q.POST_WAITING) == 0 and plant.get(q.POST_CLEAR) == 0
    # the connection was being made
    pipe = called(plant)
    plant.run(200)
    assert pipe.said == b"" and pipe.closed
    assert serve(plant) is None


def test_what_a_logger_does_not_take():
    plant = set_up(Networked())
    assert plant.set(q.LOGGER_ENERGY, 1) == p.OK
    assert plant.set(q.LOGGER_INTERVAL, 2) == p.RANGE  # 10 s
    assert plant.set(q.LOGGER_INTERVAL, 3) == p.OK
    assert plant.set(q.LOGGER_DEMAND, 1) == p.RANGE
    assert plant.set(q.LOGGER_INTERVAL, 7) == p.RANGE  # files of 5 min
    assert plant.set(q.LOGGER_ENABLE, 0) == p.OK
    assert plant.set(q.LOGGER_DEMAND, 1) == p.OK
    assert plant.set(q.LOGGER_ENABLE, 1) == p.RANGE


def test_https_without_tls_is_told_and_says_nothing():
    plant = set_up(Networked(), url=b"https://192.0.2.7/in")
    plant.minutes(5)
    assert called(plant) is None
    assert told(plant, q.POST_RESULT) == 8 and told(plant, q.POST_SENT) == 0
    assert told(plant, q.POST_FAILED) >= 1 and told(plant, q.POST_WAITING) >= 4
    # FTP has no such scheme, and HTTP none of FTP
    for url, method in (
        (b"ftps://192.0.2.7/", q.FTP),
        (b"https://192.0.2.7/", q.FTP),
        (b"ftp://192.0.2.7/", q.HTTP),
    ):
        plant = set_up(Networked(), url=url, post_method=method)
        plant.minutes(5)
        assert called(plant) is None and told(plant, q.POST_RESULT) == 6
