"""Discord's limits on what a bot sends, checked on the JSON that leaves: simulators accept what Discord refuses."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

CONTENT = 2000
EMBED_TEXT = 6000
COMPONENTS = 40
DISPLAY_TEXT = 4000
CUSTOM_ID = 100
BUTTON_LABEL = 80
BUTTON_URL = 512
CHOICES = 25
CHOICE_TEXT = 100
OPTION_TEXT = 100
PLACEHOLDER = 150
MODAL_TITLE = 45
MODAL_ROWS = 5
FIELD_LABEL = 45
FIELD_DESCRIPTION = 100
FIELD_VALUE = 4000
FILE_BYTES = 10 * 1024 * 1024
COMMANDS = 100
MENUS = 15
COMMAND_NAME = 32
COMMAND_DESCRIPTION = 100

_V2_FLAG = 1 << 15
_ROW, _BUTTON, _SELECT, _FIELD, _SECTION, _TEXT, _THUMBNAIL = 1, 2, 3, 4, 9, 10, 11
_GALLERY, _FILE, _SEPARATOR, _CONTAINER, _LABEL = 12, 13, 14, 17, 18
_TOP = {_ROW, _SECTION, _TEXT, _GALLERY, _FILE, _SEPARATOR, _CONTAINER}
_LINK_STYLE = 5
_CHAT, _MENU = 1, 3
_NAME = re.compile(r"[-_'\w]{1,32}")


def find_message_faults(message: dict[str, Any], *, files: Sequence[tuple[str, int]] = ()) -> list[str]:
    """What Discord would refuse in a message, an edit or a follow-up, one sentence each.

    Args:
        message: The JSON body as sent.
        files: Name and size in bytes of each uploaded file.
    """
    faults = list(_too_long("content", message.get("content"), CONTENT))
    components = message.get("components") or []
    faults += _component_faults(components)
    if int(message.get("flags") or 0) & _V2_FLAG or any(c.get("type") in _TOP - {_ROW} for c in components):
        faults += [f"{key} beside a layout" for key in ("content", "embeds", "poll", "sticker_ids") if message.get(key)]
        if not int(message.get("flags") or 0) & _V2_FLAG:
            faults.append("a layout without its flag")
    elif any(c.get("type") != _ROW for c in components) or len(components) > MODAL_ROWS:
        faults.append("more than five rows")
    faults += _embed_faults(message.get("embeds") or [])
    faults += _file_faults(message, files)
    if "allowed_mentions" in message and message["allowed_mentions"].get("parse"):
        faults.append("allowed_mentions lets a mention through")
    return faults


def find_modal_faults(modal: dict[str, Any]) -> list[str]:
    """What Discord would refuse in a modal."""
    faults = [
        *_too_long("modal title", modal.get("title"), MODAL_TITLE, least=1),
        *_too_long("modal custom_id", modal.get("custom_id"), CUSTOM_ID, least=1),
    ]
    rows = modal.get("components") or []
    if not 1 <= len(rows) <= MODAL_ROWS:
        faults.append(f"{len(rows)} rows in a modal")
    for row in rows:
        if row.get("type") == _LABEL:
            faults += _too_long("field label", row.get("label"), FIELD_LABEL, least=1)
            faults += _too_long("field description", row.get("description"), FIELD_DESCRIPTION)
    for field in walk(rows):
        if field.get("type") == _FIELD:
            faults += _too_long("field custom_id", field.get("custom_id"), CUSTOM_ID, least=1)
            faults += _too_long(
                "field value", field.get("value"), min(FIELD_VALUE, field.get("max_length") or FIELD_VALUE)
            )
            faults += _too_long("field placeholder", field.get("placeholder"), FIELD_DESCRIPTION)
            if not 1 <= (field.get("max_length") or FIELD_VALUE) <= FIELD_VALUE:
                faults.append("field max_length out of range")
    return faults


def find_choice_faults(choices: Sequence[dict[str, Any]]) -> list[str]:
    """What Discord would refuse in an autocomplete answer."""
    faults = [f"{len(choices)} choices"] if len(choices) > CHOICES else []
    for choice in choices:
        faults += _too_long("choice name", choice.get("name"), CHOICE_TEXT, least=1)
        if isinstance(choice.get("value"), str):
            faults += _too_long("choice value", choice["value"], CHOICE_TEXT)
    return faults


def find_command_faults(commands: Sequence[dict[str, Any]]) -> list[str]:
    """What Discord would refuse in the list of commands."""
    chat = [c for c in commands if c.get("type", _CHAT) == _CHAT]
    faults = [f"{len(chat)} commands"] if len(chat) > COMMANDS else []
    menus = [c for c in commands if c.get("type", _CHAT) == _MENU]
    faults += [f"{len(menus)} message menus"] if len(menus) > MENUS else []
    for entry in [*chat, *(option for c in chat for option in _options(c))]:
        name = str(entry.get("name"))
        if not _NAME.fullmatch(name) or name != name.lower():
            faults.append(f"command or option name {name!r}")
        faults += _too_long(f"description of {name}", entry.get("description"), COMMAND_DESCRIPTION, least=1)
        faults += find_choice_faults(entry.get("choices") or [])
    for menu in menus:
        faults += _too_long("menu name", menu.get("name"), COMMAND_NAME, least=1)
    return faults


def walk(components: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Every component with all that is nested in it, in reading order."""
    for component in components:
        yield component
        yield from walk(component.get("components") or [])
        for key in ("accessory", "component"):
            if isinstance(component.get(key), dict):
                yield from walk([component[key]])


def _options(command: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for option in command.get("options") or []:
        yield option
        yield from _options(option)


def _too_long(what: str, text: object, most: int, *, least: int = 0) -> Iterator[str]:
    length = len(text) if isinstance(text, str) else 0
    if not least <= length <= most:
        yield f"{what} has {length} characters, {least} to {most} are allowed"


def _component_faults(components: Sequence[dict[str, Any]]) -> list[str]:
    everything = list(walk(components))
    faults = [f"{len(everything)} components"] if len(everything) > COMPONENTS else []
    shown = sum(len(c["content"]) for c in everything if c.get("type") == _TEXT)
    faults += [f"{shown} characters of text"] if shown > DISPLAY_TEXT else []
    ids = [c["custom_id"] for c in everything if c.get("custom_id")]
    faults += [f"custom_id {i!r} twice" for i in sorted({i for i in ids if ids.count(i) > 1})]
    numbers = [c["id"] for c in everything if c.get("id")]
    faults += ["component id twice"] if len(numbers) != len(set(numbers)) else []
    for component in everything:
        faults += _one_component(component)
    return faults


def _one_component(component: dict[str, Any]) -> list[str]:
    kind = component.get("type")
    children = component.get("components") or []
    faults: list[str] = []
    if kind == _TEXT and not component["content"].strip():
        faults.append("empty text")
    elif kind == _ROW and not 1 <= len(children) <= MODAL_ROWS:
        faults.append(f"{len(children)} components in a row")
    elif kind == _SECTION and (
        not 1 <= len(children) <= 3  # noqa: PLR2004 - Discord's own number
        or component.get("accessory", {}).get("type") not in {_BUTTON, _THUMBNAIL}
    ):
        faults.append("a section needs one to three texts and an accessory")
    elif kind == _CONTAINER and not children:
        faults.append("empty container")
    elif kind == _BUTTON:
        faults += _button_faults(component)
    elif kind == _SELECT:
        faults += _select_faults(component)
    if component.get("custom_id") is not None:
        faults += _too_long("custom_id", component["custom_id"], CUSTOM_ID, least=1)
    return faults


def _button_faults(button: dict[str, Any]) -> list[str]:
    faults = list(_too_long("button label", button.get("label"), BUTTON_LABEL, least=0 if button.get("emoji") else 1))
    if button.get("style") != _LINK_STYLE:
        return faults if button.get("custom_id") else [*faults, "button without custom_id"]
    url = button.get("url") or ""
    parts = urlsplit(url)
    if len(url) > BUTTON_URL:
        faults.append(f"button URL has {len(url)} characters")
    if parts.scheme not in {"http", "https"} or not parts.hostname or not url.isascii() or re.search(r"\s", url):
        faults.append(f"button URL {url[:60]!r}")
    return faults


def _select_faults(select: dict[str, Any]) -> list[str]:
    options = select.get("options") or []
    faults = [f"{len(options)} options in a select"] if not 1 <= len(options) <= CHOICES else []
    faults += _too_long("placeholder", select.get("placeholder"), PLACEHOLDER)
    for option in options:
        faults += _too_long("option label", option.get("label"), OPTION_TEXT, least=1)
        faults += _too_long("option value", option.get("value"), OPTION_TEXT, least=1)
        faults += _too_long("option description", option.get("description"), OPTION_TEXT)
    return faults


def _embed_faults(embeds: Sequence[dict[str, Any]]) -> list[str]:
    def length(embed: dict[str, Any]) -> int:
        fields = embed.get("fields") or []
        texts = [embed.get("title"), embed.get("description"), (embed.get("footer") or {}).get("text")]
        return sum(len(t or "") for t in [*texts, *(f[k] for f in fields for k in ("name", "value"))])

    faults = ["embeds over 6,000 characters"] if sum(map(length, embeds)) > EMBED_TEXT else []
    fields = [field for embed in embeds for field in embed.get("fields") or []]
    return faults + ["empty embed field" for f in fields if not f.get("name") or not f.get("value")]


def _file_faults(message: dict[str, Any], files: Sequence[tuple[str, int]]) -> list[str]:
    names = {name for name, _ in files} | {a.get("filename") for a in message.get("attachments") or []}
    used = re.findall(r'"?attachment://([^"\s\'}]+)', str([message.get("embeds"), message.get("components")]))
    faults = [f"no file {name} for its attachment:// address" for name in used if name not in names]
    return faults + [f"file {name} over 10 MiB" for name, size in files if size > FILE_BYTES]
