"""A configuration as a file: the settings of all forms, the points of DNP3, the data logs and the tables of
time of use, without what is this one meter's own (the tables' OWN); with a passphrase its secrets too, sealed
(sealing.py).

The file is JSON, an item a line, so that who reads it (restore.py) needs to hold no more than a line:
"format", "model", "salt" and "rounds" of a sealed one, "settings", "tables" (in hexadecimal: of the data logs
the registers by 64, without the zeros at their end; and the tables of billing/tariff.py), "sealed", "sum"
(SHA-256 of all lines before it) and, of a sealed one, "mac".
"""

import json
from binascii import hexlify
from hashlib import sha256

from fourquad import points as p
from fourquad.points import audit as a
from fourquad.points import billing as b
from fourquad.points import columns as c
from fourquad.points import datalogs as g
from fourquad.protocols.http import forms, sealing
from fourquad.protocols.http.api import fields
from fourquad.protocols.http.doors import encoded
from fourquad.protocols.http.reply import Reply, error

FORMAT = 3  # higher when a file says what older meters do not know, or would take for something else
OLDEST = 2  # which had no tables


def plain(api, connection, rest):
    """GET /api/config: without secrets."""
    return _reply(api, None, b"")


def sealed(api, connection, rest):
    """POST /api/config: with those, sealed with the passphrase that it names."""
    asked = fields(connection.request)
    passphrase = encoded(asked.get("passphrase")) if asked else None
    if passphrase is None:
        return error(400, "json")
    if not allowed(passphrase):
        return error(422, "passphrase")
    if api.doors.busy:
        return error(503, "busy", "Retry-After: 1\r\n")
    api.doors.busy = True
    return Sealed(api, passphrase, connection.session.level)


def allowed(passphrase):
    """Whether it is one."""
    return sealing.SHORTEST <= len(passphrase) <= sealing.LONGEST


class Sealed:
    """The answer, once the key is there."""

    busy = True

    def __init__(self, api, passphrase, level):
        self._api = api
        self._level = level
        self._salt = api.doors.random(sealing.SALT)
        self._seal = sealing.Seal(passphrase, self._salt)

    def step(self, now):
        """A slice."""
        if not self._seal.step():
            return None
        self.drop()
        self._api.audit(a.EXPORTED, self._level)
        return _reply(self._api, self._seal, self._salt)

    def drop(self):
        """It is over."""
        self._api.doors.busy = False


def _reply(api, seal, salt):
    name = f'Content-Disposition: attachment; filename="{api.version}-config.json"\r\n'
    return Reply(200, _file(api, seal, salt), extra=name)


def _file(api, seal, salt):
    digest = sha256()
    for text in _lines(api, seal, salt):
        digest.update(text.encode())
        yield text
        yield ""
    found = digest.digest()
    yield f'"sum":"{hexlify(found).decode()}"'
    if seal:
        yield f',\n"mac":"{hexlify(seal.mark(found)).decode()}"'
    yield "\n}\n"


def _lines(api, seal, salt):
    yield f'{{\n"format":{FORMAT},\n"model":"{api.version}",\n'
    if seal:
        yield f'"salt":"{hexlify(salt).decode()}",\n"rounds":{sealing.ROUNDS},\n'
    yield '"settings":{\n'
    comma = ""
    for pid, value in _values(api):
        if pid:
            yield f'{comma}"{pid}":{value}'
            comma = ",\n"
        else:
            yield ""
    yield '\n},\n"tables":{\n'
    comma = ""
    for offset in tables():
        found = place(api, offset)
        yield ""
        if found:
            group, index, _ = found
            yield f'{comma}"{p.SETTING + offset}":"{hexlify(group.texts.read(index)).decode()}"'
            comma = ",\n"
    yield "\n},\n"
    if seal:
        yield '"sealed":{\n'
        comma = ""
        for offset in secrets(api):
            found = place(api, offset)
            if found:
                group, index, is_text = found
                text = group.texts.read(index) if is_text else str(group.values[index]).encode()
                yield f'{comma}"{p.SETTING + offset}":"{hexlify(seal.hide(text)).decode()}"'
                comma = ",\n"
            else:
                yield ""
        yield "\n},\n"


def _values(api):
    """Point and value of each setting; (0, 0) for one that is not told, which takes its time, too."""
    tables = api.tables
    for _, spans in tables.FORMS:
        for group, row, is_text in forms.rows(api, spans):
            offset = row[c.OFFSET]
            if offset not in tables.SECRETS and not _within(tables.OWN, offset):
                index = offset - group.first
                value = json.dumps(group.texts.read(index).decode()) if is_text else group.values[index]
                yield p.SETTING + offset, value
            else:
                yield 0, 0
    group = outstation(api)
    for index in range(len(group.values) if group else 0):
        if is_there(group, index):
            yield p.DNP3 + index, group.values[index]
        else:
            yield 0, 0


def outstation(api):
    """The settings of DNP3's points, or None."""
    try:
        return api.points.provider(p.DNP3)
    except KeyError:
        return None


def is_there(provider, index):
    """Whether a provider has something at a place."""
    try:
        provider.read(index)
    except KeyError:
        return False
    return True


def tables():
    """Offsets of what is bytes, and no text: blocks of the data logs, tables of time of use."""
    logs = range(p.GROUP_LOGS, p.GROUP_LOGS + g.LOGS * g.WORDS, g.BLOCK)
    return list(logs) + list(range(b.GROUP_TABLES, b.GROUP_TABLES + b.TABLES))


def secrets(api):
    """Offsets of what is told only sealed."""
    return api.tables.SECRETS + api.tables.SEALED


def place(api, offset):
    """(group, place in it, whether it is a text) of a setting; None where this meter has none."""
    try:
        group, base = api.points.place(p.SETTING + offset)
    except KeyError:
        return None
    index = p.SETTING + offset - base
    texts = getattr(group, "texts", None)
    if texts and is_there(texts, index):
        return group, index, True
    return (group, index, False) if hasattr(group, "values") and is_there(group, index) else None


def listed(api, offset):
    """Whether a file may say what this setting is, in the clear."""
    tables = api.tables
    if offset in tables.SECRETS or offset in tables.HIDDEN or _within(tables.OWN, offset):
        return False
    group = outstation(api)
    if group and 0 <= offset - p.GROUP_DNP3 < len(group.values):
        return True
    return any(_within(spans, offset) for _, spans in tables.FORMS)


def _within(spans, offset):
    return any(first <= offset <= last for first, last in spans)
