"""The KW320's menu table against its settings: every page has its setting, every allowed value its text."""

from fourquad import models
from fourquad import points as p
from fourquad.display.rows.setting import OCTETS
from fourquad.models.kw320 import menu as table
from fourquad.models.kw320.settings import COMMANDS, SETTINGS
from fourquad.points import columns as c
from fourquad.points import modules as m
from fourquad.points import network as n


def setting_pages():
    for group in table.GROUPS:
        yield from group[3]


def test_every_page_is_a_setting_or_command_of_the_meter():
    rows = models.load("kw320", options=("network",)).SETTINGS
    settings = {p.SETTING + row[c.OFFSET]: row for row in rows}
    all_commands = COMMANDS + ((n.RESET_WEB_PASSWORDS,),)
    commands = {p.COMMAND + row[c.OFFSET] for row in all_commands} | {p.MODULE + m.CLEAR_COUNTS}
    for first, second, pid, _, form, choices, *_ in setting_pages():
        name = first + " " + second
        assert pid in settings or pid in commands, name
        assert (form is None) != (choices is None) or form == OCTETS, name
        if pid not in settings:
            continue
        low, high, allowed = settings[pid][c.LOW : c.CHOICES + 1]
        if form == OCTETS:
            assert all(settings[pid + i][c.HIGH] == 255 for i in range(4))
        elif form:
            digits, decimals, base = form[:3]
            assert high < base**digits, name
            assert decimals in (0, 1, 2) and low >= 0
        else:
            have = {choice[0] for choice in choices}
            for value in allowed or range(low, high + 1):
                assert value in have, (name, value)


def test_every_setting_is_on_a_page_but_those_that_the_manual_leaves_out():
    shown = {page[2] for page in setting_pages()}
    hidden = {row[c.OFFSET] for row in SETTINGS if p.SETTING + row[c.OFFSET] not in shown}
    # 0FFDH, 101DH, 101EH, 1039H are before, after and between S01-S34; the network port has web pages,
    # the schedule of tariffs is for tools
    assert hidden == {
        p.NOMINAL_FREQUENCY,
        p.BASIC_MODE,
        p.SEAL_OPTIONS,
        p.DOWNLOAD_ENABLE,
        p.TOU_ON,
    }


def test_words_fit_their_places():
    for first, second, _, unit, form, choices, *_ in setting_pages():
        assert len(first) <= 4 and len(second) <= 4 and len(unit) <= 5
        for _, text in choices if form != OCTETS and choices else ():
            assert len(text) <= 9
    assert len(table.GROUPS) <= 4
    assert len(table.GROUPS[0][3]) == 35


def test_page_words_have_room():
    assert len(table.MODES) <= 8 and len(table.LINES) <= 32
    for number, (_, rings) in enumerate(table.MODES):
        assert len(rings or ()) == len(table.MODE_KEYS[number]) <= 4
        for _, pages, _, _ in rings or ():
            assert sum([page[4] if len(page) > 4 else 1 for page in pages]) <= 64
