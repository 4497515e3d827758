"""Settings as forms, as the model's FORMS name them, and what a form writes: all of it, or nothing."""

import json

from fourquad import points as p
from fourquad.net.access import matches, text_of
from fourquad.points import columns as c
from fourquad.points import network as n
from fourquad.protocols.http.api import fields
from fourquad.protocols.http.doors import encoded
from fourquad.protocols.http.reply import Reply, done, error

WHY = ("", "range", "read_only", "sealed", "unknown")  # by what `check` answers
_MOST = 1 << 31


def form(api, connection, name):
    """GET /api/settings/NAME."""
    for known, spans in api.tables.FORMS:
        if known == name:
            return Reply(200, _texts(api, name, spans))
    return error(404)


def _texts(api, name, spans):
    yield f'{{"form":"{name}","settings":['
    comma = ""
    secrets = api.tables.SECRETS
    for group, row, is_text in rows(api, spans):
        tell = _string if is_text else _number
        yield comma + tell(group, group.settings, row, row[c.OFFSET] in secrets)
        yield ""  # a number takes 1.2 ms, a text 2
        comma = ","
    yield "]}"


def rows(api, spans):
    """Group, row and whether it is a text, of each setting that is not hidden."""
    hidden = api.tables.HIDDEN
    for first, last in spans:
        for group in _groups(api.points, first, last):
            those = group.settings.rows
            end = min(last + 1, group.first + len(group.values))
            at = _place(those, max(first, group.first))
            while at < len(those) and those[at][c.OFFSET] < end:
                if those[at][c.OFFSET] not in hidden:
                    yield group, those[at], False
                at += 1
            for row in group.texts.rows if group.texts else ():
                if first <= row[c.OFFSET] <= last and row[c.OFFSET] not in hidden:
                    yield group, row, True


def _groups(points, first, last):
    """Groups of settings that have some of these."""
    found = []
    for block in range(first >> 6, (last >> 6) + 1):
        try:
            group = points.provider(p.SETTING + (block << 6))
        except KeyError:
            continue
        if group not in found and hasattr(group, "settings"):
            found.append(group)
    return found


def _place(rows, offset):
    """The place of the first row from an offset on."""
    low, high = 0, len(rows)
    while low < high:
        middle = (low + high) >> 1
        if rows[middle][c.OFFSET] < offset:
            low = middle + 1
        else:
            high = middle
    return low


def _number(group, settings, row, secret):
    offset, seal, default, low, high, choices = row
    told = {"id": p.SETTING + offset}
    value = group.values[offset - group.first]
    if secret:
        told["secret"] = True
        told["set"] = value != default
    else:
        told["value"] = value
        told["default"] = default
    told["low"] = low
    told["high"] = high
    if choices is not None:
        told["choices"] = choices
    if settings.closed(seal):
        told["sealed"] = True
    return json.dumps(told)


def _string(group, settings, row, secret):
    offset, seal, _, shortest, longest, _, _ = row
    text = group.texts.read(offset - group.first)
    told = {"id": p.SETTING + offset, "shortest": shortest, "longest": longest}
    if secret:
        told["secret"] = True
        told["set"] = len(text) > 0
    else:
        told["text"] = text.decode()
    if settings.closed(seal):
        told["sealed"] = True
    return json.dumps(told)


def write(api, connection, rest):
    """POST /api/write."""
    asked = fields(connection.request)
    if not asked:
        return error(400, "json")
    writing = Writing(api)
    refused = writing.plan(asked, connection.peer[0])
    if not refused:
        api.works_for(connection.session.level)
        api.points.request = writing
        try:
            refused = writing.each(False) or writing.each(True)
        finally:
            api.points.request = None
    if refused:
        why, pid = refused
        return error(422, why, id=pid)
    return done()


class Writing:
    """What a form writes: points and their values, in the order of their ids."""

    def __init__(self, api):
        self.pids = []
        self._values = []
        self._points = api.points
        self._tables = api.tables

    def planned(self, pid):
        """The value that the form gives a point; None if it is about others."""
        return self._values[self.pids.index(pid)] if pid in self.pids else None

    def plan(self, asked, host):
        """Take the form; None, or why not: (code, id)."""
        found = []
        for key, value in asked.items():
            # of a browser's text anything may be a digit; int() takes those of ASCII
            if not (encoded(key) or b"").isdigit() or len(key) > 6:
                return "unknown", key[:20]
            pid = int(key)
            if not self._may(pid):
                return "unknown", pid
            text = encoded(value)
            if text is not None:
                value = text
            elif not isinstance(value, int) or isinstance(value, bool) or not -_MOST < value < 2 * _MOST:
                return "type", pid
            if pid in [each[0] for each in found]:
                return "type", pid
            found.append((pid, value))
        found.sort(key=lambda each: each[0])
        self.pids = [pid for pid, _ in found]
        self._values = [value for _, value in found]
        return self._locks_out(host)

    def _may(self, pid):
        if pid - p.SETTING in self._tables.HIDDEN:
            return False
        return any(first <= pid <= last for first, last in self._tables.WRITABLE)

    def _locks_out(self, host):
        """Whether the list of addresses that are let in would be without that of who writes it."""
        switch = p.SETTING + n.ACCESS_HTTP
        first = p.SETTING + n.ALLOWED
        touched = [pid for pid in self.pids if pid == switch or first <= pid < first + n.ALLOWED_COUNT]
        if not touched or not self._coming(switch):
            return None
        for i in range(n.ALLOWED_COUNT):
            known = self.planned(first + i)
            known = text_of(self._points, n.ALLOWED + i) if known is None else known
            if isinstance(known, bytes):
                known = known.decode()
            if known and isinstance(known, str) and matches(known, host):
                return None
        return "lockout", touched[0]

    def _coming(self, pid):
        planned = self.planned(pid)
        return self._points.read(pid) if planned is None else planned

    def each(self, storing):
        """Check all, or store them; None, or (code, id) of the first that is refused."""
        points, pids, values = self._points, self.pids, self._values
        i = 0
        while i < len(pids):
            pid, value = pids[i], values[i]
            count = 1
            try:
                provider, base = points.place(pid)
            except KeyError:
                return "unknown", pid
            if isinstance(value, bytes) != self._is_text(provider, pid - base):
                return "type", pid
            if isinstance(value, bytes):
                provider = provider.texts
            if hasattr(provider, "check_set"):
                # what changes together: the clock
                while i + count < len(pids) and points.provider(pids[i + count]) is provider:
                    count += 1
                indexes = [each - base for each in pids[i : i + count]]
                ask = provider.write_set if storing else provider.check_set
                why = ask(indexes, values[i : i + count], 0, count)
            else:
                why = provider.write(pid - base, value) if storing else provider.check(pid - base, value)
            if storing and points.heard:
                points.heard(pid, value, why)
            if why:
                return WHY[why], pid
            i += count
        return None

    def _is_text(self, provider, index):
        texts = getattr(provider, "texts", None)
        if not texts:
            return False
        try:
            texts.read(index)
        except KeyError:
            return False
        return True
