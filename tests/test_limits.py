from __future__ import annotations

import pytest

from bot.limits import find_choice_faults, find_command_faults, find_message_faults, find_modal_faults

V2 = 1 << 15


def _text(content):
    return {"type": 10, "content": content}


def _button(**values):
    return {"type": 2, "style": 2, "label": "Press", "custom_id": "x", **values}


def _link(url):
    return {"type": 2, "style": 5, "label": "Open", "url": url}


def _layout(*components):
    return {"flags": V2, "components": list(components)}


def _row(*children):
    return {"type": 1, "components": list(children)}


GOOD = {
    "plain": {"content": "x" * 2000},
    "layout": _layout({"type": 17, "components": [_text("x" * 4000), _row(_button())]}),
    "forty components": _layout(*[_text("x")] * 40),
    "link": _layout(_row(_link("https://news.example/" + "a" * 490))),
    "attached": {"embeds": [{"image": {"url": "attachment://chart.png"}}]},
    "silent": {"content": "x", "allowed_mentions": {"parse": []}},
}
BAD = {
    "content over 2000": {"content": "x" * 2001},
    "text over 4000": _layout(_text("x" * 2001), {"type": 17, "components": [_text("x" * 2000)]}),
    "41 components": _layout({"type": 17, "components": [_text("x")] * 40}),
    "content beside a layout": {**_layout(_text("x")), "content": "y"},
    "embed beside a layout": {**_layout(_text("x")), "embeds": [{"title": "y"}]},
    "layout without flag": {"components": [_text("x")]},
    "empty text": _layout(_text("  ")),
    "empty row": _layout(_row()),
    "six buttons": _layout(_row(*[_button(custom_id=str(n)) for n in range(6)])),
    "custom_id over 100": _layout(_row(_button(custom_id="x" * 101))),
    "custom_id twice": _layout(_row(_button(), _button())),
    "label over 80": _layout(_row(_button(label="x" * 81))),
    "no label": _layout(_row(_button(label=""))),
    "url over 512": _layout(_row(_link("https://news.example/" + "a" * 500))),
    "javascript": _layout(_row(_link("javascript:alert(1)"))),
    "attachment address": _layout(_row(_link("attachment://a.png"))),
    "blank in url": _layout(_row(_link("https://news.example/a b"))),
    "section without accessory": _layout({"type": 9, "components": [_text("x")]}),
    "empty container": _layout({"type": 17, "components": []}),
    "no such file": {"embeds": [{"image": {"url": "attachment://other.png"}}]},
    "embeds over 6000": {"embeds": [{"description": "x" * 3001}] * 2},
    "empty embed field": {"embeds": [{"fields": [{"name": "", "value": "x"}]}]},
    "pings": {"content": "x", "allowed_mentions": {"parse": ["everyone"]}},
    "select with 26": _layout(
        _row({"type": 3, "custom_id": "s", "options": [{"label": "x", "value": str(n)} for n in range(26)]})
    ),
    "same id": _layout({**_text("x"), "id": 5}, {**_text("y"), "id": 5}),
}


@pytest.mark.parametrize("message", GOOD.values(), ids=GOOD)
def test_what_discord_takes_passes(message):
    assert find_message_faults(message, files=[("chart.png", 1000)]) == []


@pytest.mark.parametrize("message", BAD.values(), ids=BAD)
def test_what_discord_refuses_is_found(message):
    assert find_message_faults(message, files=[("chart.png", 1000)])


def test_a_file_over_ten_mebibytes_is_found():
    assert find_message_faults({"content": "x"}, files=[("big.png", 11 * 1024 * 1024)])


def _modal(*labels, title="Paste", **field):
    rows = [{"type": 18, "label": name, "component": {"type": 4, "custom_id": name, **field}} for name in labels]
    return {"title": title, "custom_id": "m", "components": rows}


@pytest.mark.parametrize(
    ("modal", "is_good"),
    [
        (_modal("a", "b", "c", "d", "e"), True),
        (_modal(*"abcdef"), False),
        (_modal(), False),
        (_modal("a", title="x" * 46), False),
        (_modal("x" * 46), False),
        (_modal("a", max_length=4001), False),
        (_modal("a", value="x" * 11, max_length=10), False),
        (_modal("a", placeholder="x" * 101), False),
    ],
)
def test_modals_are_measured(modal, is_good):
    assert (find_modal_faults(modal) == []) == is_good


@pytest.mark.parametrize(
    ("choices", "is_good"),
    [
        ([{"name": "x" * 100, "value": "y" * 100}] * 25, True),
        ([{"name": "x", "value": "y"}] * 26, False),
        ([{"name": "x" * 101, "value": "y"}], False),
        ([{"name": "", "value": "y"}], False),
        ([{"name": "x", "value": "y" * 101}], False),
    ],
)
def test_choices_are_measured(choices, is_good):
    assert (find_choice_faults(choices) == []) == is_good


@pytest.mark.parametrize(
    ("commands", "is_good"),
    [
        ([{"name": "ask", "description": "Ask"}, {"type": 3, "name": "Check this quote"}], True),
        ([{"name": "Ask", "description": "Ask"}], False),
        ([{"name": "ask", "description": ""}], False),
        ([{"name": "ask", "description": "x" * 101}], False),
        ([{"name": "ask", "description": "Ask", "options": [{"name": "a b", "description": "x"}]}], False),
        ([{"type": 3, "name": "x" * 33}], False),
        ([{"type": 3, "name": str(n)} for n in range(16)], False),
    ],
)
def test_commands_are_measured(commands, is_good):
    assert (find_command_faults(commands) == []) == is_good
