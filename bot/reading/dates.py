"""Dates and times as printed, to ISO 8601."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan januar janvier enero janeiro gennaio januari",
            "february feb februar février febrero fevereiro febbraio februari",
            "march mar märz mars marzo março maart",
            "april apr avril abril aprile",
            "may mai mayo maio maggio mei",
            "june jun juni juin junio junho giugno",
            "july jul juli juillet julio julho luglio",
            "august aug août agosto augustus",
            "september sep sept septembre septiembre setembro settembre",
            "october oct oktober octobre octubre outubro ottobre",
            "november nov novembre noviembre novembro",
            "december dec dezember décembre diciembre dezembro dicembre",
        ),
        start=1,
    )
    for name in names.split()
}
MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
SHAPES = (
    re.compile(r"\b(?P<y>(?:19|20)\d\d)-(?P<m>\d{1,2})-(?P<d>\d{1,2})(?!\d)"),
    re.compile(r"\b(?P<y>(?:19|20)\d\d)/(?P<m>\d{1,2})/(?P<d>\d{1,2})(?!\d)"),
    re.compile(
        rf"\b(?P<d>\d{{1,2}})(?:st|nd|rd|th|er|\.|º)?(?: of"
        rf"| de)?[ \-]+(?P<n>{MONTH})\.?(?: de)?,?[ \-]+(?P<y>(?:19|20)\d\d)\b",
        re.IGNORECASE,
    ),
    re.compile(rf"\b(?P<n>{MONTH})\.? +(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,? +(?P<y>(?:19|20)\d\d)\b", re.IGNORECASE),
    re.compile(r"\b(?P<d>\d{1,2})\.(?P<m>\d{1,2})\.(?P<y>(?:19|20)\d\d)\b"),
    re.compile(r"\b(?P<a>\d{1,2})[/-](?P<b>\d{1,2})[/-](?P<y>(?:19|20)\d\d)\b"),
)
CLOCK = re.compile(
    r"\b(?P<h>\d{1,2})[:.](?P<m>[0-5]\d)(?::[0-5]\d(?:\.\d+)?)?\s*(?P<half>[ap])?\.?(?:m\b\.?)?\s*(?P<zone>Z\b"
    r"|UTC|GMT|[+-]\d\d:?\d\d|E[SD]T|C[SD]T|M[SD]T|P[SD]T|BST|CES?T)?",
    re.IGNORECASE,
)
ZONES = {
    name: offset
    for offset, names in {
        "+00:00": "Z UTC GMT",
        "+01:00": "BST CET",
        "+02:00": "CEST",
        "-04:00": "EDT",
        "-05:00": "EST CDT",
        "-06:00": "CST MDT",
        "-07:00": "MST PDT",
        "-08:00": "PST",
    }.items()
    for name in names.split()
}
ISO = re.compile(r"((?:1[6-9]|20)\d\d-\d\d-\d\d)(?:[T ](\d\d:\d\d)(?::\d\d(?:[.,]\d+)?)?\s*(Z|[+-]\d\d:?\d\d)?)?")
MONTHS_IN_YEAR = 12
HOURS_IN_DAY = 24
NOON = 12


def parse_moment(line: str) -> str | None:
    """The first full date of a line, with its time and zone where printed.

    Returns:
        `YYYY-MM-DD`, `YYYY-MM-DDTHH:MM` or that with an offset; None where there is no date, or where day and
        month cannot be told apart ("04/05/2019").
    """
    if iso := ISO.fullmatch(line.strip()):
        return _settle_iso(*iso.groups())
    found = next(find_days(line), None)
    if found is None:
        return None
    start, end, day = found
    clock = CLOCK.search(f"{line[:start]} {line[end:]}")
    if clock is None:
        return day
    hour = int(clock["h"])
    if clock["half"]:
        hour = hour % NOON + (NOON if clock["half"].lower() == "p" else 0)
    if hour >= HOURS_IN_DAY:
        return day
    zone = (clock["zone"] or "").upper()
    offset = ZONES.get(zone) or (f"{zone[:3]}:{zone[-2:]}" if zone else "")
    return f"{day}T{hour:02}:{clock['m']}{offset}"


def _settle_iso(day: str, clock: str | None, zone: str | None) -> str | None:
    try:
        date.fromisoformat(day)
    except ValueError:
        return None
    if not clock:
        return day
    zone = zone or ""
    offset = "+00:00" if zone == "Z" else f"{zone[:3]}:{zone[-2:]}" if zone else ""
    return f"{day}T{clock}{offset}"


def find_days(text: str) -> Iterator[tuple[int, int, str]]:
    """Every full date: where it starts and ends, and `YYYY-MM-DD`; the surest shape first, each in reading order."""
    for shape in SHAPES:
        for match in shape.finditer(text):
            found = match.groupdict()
            numbers = _order(found)
            if numbers is None:
                continue
            try:
                day = date(int(found["y"]), *numbers)
            except ValueError:
                continue
            yield match.start(), match.end(), day.isoformat()


def _order(found: dict[str, str]) -> tuple[int, int] | None:
    """Month and day of one match."""
    if found.get("n"):
        # Ignoring case, the pattern also takes a dotless or dotted "i" from Turkish, which folds to no month here.
        month = MONTHS.get(found["n"].casefold())
        return (month, int(found["d"])) if month else None
    if found.get("m"):
        return int(found["m"]), int(found["d"])
    first, second = int(found["a"]), int(found["b"])
    if first == second or first > MONTHS_IN_YEAR:
        return second, first
    return (first, second) if second > MONTHS_IN_YEAR else None
