"""Requests that were changed by chance: each has an answer that HTTP knows, or none, the meter is as it was,
and its heap stays flat.
"""

import gc

from device.device_fakes import Networked
from net.http_fakes import Web
from protocols.random16 import Random, mutated

from fourquad import points as p
from fourquad.protocols.http.sessions import MOST

HEAD = "Host: m\r\nCookie: sid=%s\r\nX-CSRF-Token: %s\r\n"
GETS = ("/", "/api/session", "/api/values/minmax", "/api/settings/network", "/api/log/soe.csv", "/none")
POSTS = (
    ("/api/write", '{"3075":4001,"3137":0}'),
    ("/api/login", '{"level":"user","password":"view"}'),
    ("/api/password", '{"level":"user","current":"view","password":"longer"}'),
)
KNOWN = (200, 400, 401, 403, 404, 405, 411, 413, 414, 415, 417, 422, 429, 431, 501, 503, 505)


def in_use():
    """Bytes of the heap that are taken; 0 where nobody counts them."""
    gc.collect()
    return gc.mem_alloc() if hasattr(gc, "mem_alloc") else 0


def requests(web):
    head = HEAD.replace("%s", web.sid, 1).replace("%s", web.csrf)
    found = [f"GET {path} HTTP/1.1\r\n{head}\r\n".encode() for path in GETS]
    for path, body in POSTS:
        kind = f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        found.append(f"POST {path} HTTP/1.1\r\n{head}{kind}{body}".encode())
    return found


def attack(web, seeds, rng, count):
    for _ in range(count):
        web.now += 100
        machine = web.connect()
        data = mutated(rng, seeds[rng.below(len(seeds))], 6)
        said = web.say(machine, data, 1 + rng.below(256))
        if said:
            assert said[:9] == b"HTTP/1.1 " and int(said[9:12]) in KNOWN, said
        machine.lost(web.now)
        web.service.connection().lost(web.now)


def test_mutated_requests():
    web = Web(Networked())
    web.service.api.shared.clear()  # nobody notes what happens
    for _ in range(MOST):
        web.log_in()
    seeds = requests(web)
    rng = Random(80)
    before = bytes(web.points.provider(p.SETTING + p.PT1).values)
    attack(web, seeds, rng, 60)
    taken = in_use()
    attack(web, seeds, rng, 400)
    assert in_use() - taken < 2000, in_use() - taken
    assert bytes(web.points.provider(p.SETTING + p.PT1).values) == before
    assert web.service.used == 0
    web.now += 1000000
    assert web.log_in().status == 200
