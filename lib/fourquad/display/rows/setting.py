"""The setting mode: address, password, groups of parameters, their pages, and editing one (manual 3.6).

Which values are allowed is asked of `points.check`; this file knows no range.

A page is (first word, second word, point, unit, form, choices), and after these, where it is of a module, the
bits of MODULES that it needs. A form is (places, decimals, base), and after these, of words of 16 bits with a
sign, the point that is 0 while they have none; the sign is the first place then. The form OCTETS is an
address of the network: four points, each in a row of its own, with the words below; choices are then (point,
address that is shown while that is not 0, and cannot be changed).
"""

from fourquad import points as p
from fourquad import ticks
from fourquad.display import entry
from fourquad.display.entry import Number
from fourquad.display.formats import DASHES, point
from fourquad.display.rows.screen import LINE
from fourquad.points.access import ENTRY

_ADDRESS = 0
_PASSWORD = 1
_GROUP = 2
_PAGE = 3
_NUMBER = 4
_CHOICE = 5
_ADDRESSED = 6

OCTETS = ()
_PASSWORD_DIGITS = 4
_DIGITS = "0123456789ABCDEF"
_NEEDS = 6  # place in a page
_WORD = 0x10000
_MINUS = 0x8000
_FREE = -1  # some other choice can be taken


class Setting:
    """`table`: the model's menu; `points`: the meter. The owner enters it, leaves it by no longer asking."""

    def __init__(self, table, points):
        self._table = table
        self._points = points
        self._state = _ADDRESS
        self._since = 0
        self._group = 0
        self._page = 0
        self._number = Number()
        self._octets = None  # made where there is an address
        self._choice = 0
        self._sign = ""

    def enter(self, now):
        """Begin: the address for ADDRESS_TIME, then the password."""
        self._state = _ADDRESS
        self._since = now
        self._sign = ""

    def tick(self, now):
        """Whether what is shown has changed by itself."""
        if self._state == _ADDRESS and ticks.diff(now, self._since) >= self._table.ADDRESS_TIME:
            self._number.begin(0, _PASSWORD_DIGITS)
            self._state = _PASSWORD
            return True
        return False

    def key(self, event):
        t = self._table
        self._sign = ""
        if self._state == _PASSWORD or self._state == _NUMBER:
            if event == t.ENTER:
                self._enter_number()
            else:
                self._edit_number(event)
        elif self._state == _GROUP:
            self._group_key(event)
        elif self._state == _PAGE:
            self._page_key(event)
        elif self._state == _ADDRESSED:
            self._octets_key(event)
        elif self._state == _CHOICE:
            if event == t.ENTER:
                self._enter_choice()
            elif event in (t.UP, t.DOWN):
                # to the next one that this meter accepts at present, the stored one among them
                _, _, pid, _, _, rows = self._present()
                way = 1 if event == t.UP else -1
                self._choice = entry.step(self._points, pid, rows, self._choice, way)

    # Digits.

    def _signed(self, form):
        return len(form) > 3 and self._points.read(form[3]) != 0

    def _edit_number(self, event):
        t = self._table
        number = self._number
        if event == t.NEXT_DIGIT:
            number.cursor = (number.cursor + 1) % number.places
        elif event == t.UP:
            number.turn(1)
        elif event == t.DOWN:
            number.turn(-1)

    def _value(self):
        value = self._number.value()
        if not self._number.signed:
            return value
        # a number of more than 16 bits must not become one that is allowed
        if value < 0:
            return value + _WORD if value >= -_MINUS else value
        return value if value < _MINUS else _WORD

    def _enter_number(self):
        if self._state == _NUMBER:
            self._store(self._value())
            return
        why = p.OK if self._value() == self._points.read(self._table.PASSWORD) else p.FORBIDDEN
        if self._points.heard:
            self._points.heard(p.ACCESS + ENTRY, None, why)
        if why:
            self._number.begin(0, _PASSWORD_DIGITS)
            self._sign = "ERR"
        else:
            self._state = _GROUP
            self._group = 0

    # Addresses.

    def _address(self):
        """What shows and changes an address."""
        if self._octets is None:
            from fourquad.display.octets import Octets

            self._octets = Octets(self._points)
        return self._octets

    def _octets_key(self, event):
        if event != self._table.ENTER:
            self._octets.key(self._table, event)
            return
        why = self._octets.store()
        if why == p.OK:
            self._sign = "OK"
            self._state = _PAGE
        else:
            self._refuse(why)

    # Groups and pages.

    def _there(self, needs):
        return not needs or self._points.read(self._table.MODULES) & needs

    def _groups(self):
        """The groups that have something to set: those of modules only while they are connected, one that
        needs None only where its first page is there.
        """
        return [group for group in self._table.GROUPS if self._offers(*group)]

    def _offers(self, name, letter, needs, pages):
        if needs is None:
            first = pages[0]
            return self._points.check(first[2], 0) != p.UNKNOWN
        return self._there(needs)

    def _present(self):
        """Words, point, unit and form of the page that is open."""
        return self._table.GROUPS[self._group][3][self._page][:_NEEDS]

    def _turn(self, step):
        """To the next page, or the one before, of what is connected; 0: where there is none, to the first."""
        pages = self._table.GROUPS[self._group][3]
        for _ in range(len(pages)):
            self._page = (self._page + step) % len(pages)
            page = pages[self._page]
            if self._there(page[_NEEDS] if len(page) > _NEEDS else 0):
                break
            step = step or 1

    def _group_key(self, event):
        t = self._table
        groups = self._groups()
        here = groups.index(t.GROUPS[self._group]) if t.GROUPS[self._group] in groups else 0
        if event == t.UP:
            here = (here + 1) % len(groups)
        elif event == t.DOWN:
            here = (here + len(groups) - 1) % len(groups)
        self._group = t.GROUPS.index(groups[here])
        if event == t.ENTER:
            self._state = _PAGE
            self._page = 0
            self._turn(0)

    def _page_key(self, event):
        t = self._table
        if event == t.NEXT_DIGIT:
            self._state = _GROUP
        elif event == t.UP:
            self._turn(1)
        elif event == t.DOWN:
            self._turn(-1)
        elif event == t.ENTER:
            self._modify()

    def _modify(self):
        _, _, pid, _, form, rows = self._present()
        try:
            value = self._points.read(pid)
        except KeyError:
            self._sign = "ERR"
            return
        if form == OCTETS:
            why = self._points.check(pid, value)
            if self._address().shown(pid, rows) != pid:
                self._sign = "ERR"
            elif why == p.OK:
                self._address().begin(pid)
                self._state = _ADDRESSED
            else:
                self._refuse(why)
            return
        if form:
            why = self._points.check(pid, value)
            # A value that has fallen out of its range must remain repairable.
            if why not in (p.OK, p.RANGE):
                self._refuse(why)
                return
            places, decimals, base = form[:3]
            signed = self._signed(form)
            if signed and value >= _MINUS:
                value -= _WORD
            self._number.begin(value, places, decimals, base, signed)
            self._state = _NUMBER
            return
        why = p.RANGE
        for i, (known, _) in enumerate(rows):
            answer = self._points.check(pid, known)
            if known == value:
                self._choice = i
            elif answer == p.OK:
                why = _FREE
            if answer == p.FORBIDDEN and why == p.RANGE:
                why = answer
        if why == _FREE:
            self._state = _CHOICE
        else:
            self._refuse(why)

    def _enter_choice(self):
        _, _, pid, _, _, rows = self._present()
        value, _ = rows[self._choice]
        # What is so already is not written: NO clears nothing, and a sealed meter need not refuse it.
        if value == self._points.read(pid):
            self._state = _PAGE
        else:
            self._store(value)

    def _store(self, value):
        why = self._points.write(self._present()[2], value)
        if why == p.OK:
            self._sign = "OK"
            self._state = _PAGE
        else:
            self._refuse(why)

    def _refuse(self, why):
        sealed = self._points.read(self._table.SEAL_STATE) == self._table.SEALED
        if why == p.FORBIDDEN and sealed:
            self._sign = "SEAL"
            self._state = _PAGE
        else:
            self._sign = "ERR"

    # What is seen.

    def draw(self, screen):
        screen.digits[3] = self._sign
        state = self._state
        if state == _ADDRESS:
            screen.digits[0] = "ADDR"
            screen.line = str(self._points.read(self._table.ADDRESS))
        elif state == _PASSWORD:
            screen.digits[0] = "PASS"
            self._draw_number(screen)
        elif state == _GROUP:
            for row, group in enumerate(self._groups()):
                screen.digits[row] = group[0]
                if group is self._table.GROUPS[self._group]:
                    screen.flash_row = row
        else:
            self._draw_page(screen)

    def _draw_page(self, screen):
        first, second, pid, unit, form, rows = self._present()
        screen.item = f"{self._table.GROUPS[self._group][1]}{self._page + 1:02d}"
        if form == OCTETS:
            pid = self._address().shown(pid, rows)
            self._address().draw(screen, pid, self._state == _ADDRESSED)
            screen.line = self._sign or f"{first} {second}".strip()
            return
        screen.digits[0] = first
        screen.digits[1] = second
        page = self._table.GROUPS[self._group][3][self._page]
        if len(page) > _NEEDS:
            for i in range(len(self._table.MODULE_NAMES)):
                if page[_NEEDS] >> i & 1:
                    screen.digits[2] = self._table.MODULE_NAMES[i]
        screen.line_unit = unit
        if self._state == _NUMBER:
            self._draw_number(screen)
        elif self._state == _CHOICE:
            _, screen.line = rows[self._choice]
            screen.flash_row = LINE
        else:
            screen.line = self._text(pid, form, rows)

    def _text(self, pid, form, rows):
        """The stored value as it is shown."""
        try:
            value = self._points.read(pid)
        except KeyError:
            return DASHES
        if form:
            if form[2] == 10:
                return point(value - _WORD if value >= _MINUS and self._signed(form) else value, form[1])
            text = ""
            for _ in range(form[0]):
                text = _DIGITS[value % form[2]] + text
                value //= form[2]
            return text
        return entry.word(rows, value)

    def _draw_number(self, screen):
        number = self._number
        screen.line = number.text()
        screen.flash_row = LINE
        screen.flash_col = number.cursor + (
            1 if number.decimals and number.cursor >= number.places - number.decimals else 0
        )
