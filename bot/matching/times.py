"""Which stretch of time a question names: "since March", "last week", "in 2016"."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if name}
_MONTHS |= {name.lower(): number for number, name in enumerate(calendar.month_abbr) if name} | {"sept": 9}
_MONTH = "(?P<month>" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + ")"


@dataclass(frozen=True, slots=True)
class Period:
    """ISO dates, both inclusive, either open."""

    since: str | None = None
    until: str | None = None


def _days(today: date, back: int, length: int = 1) -> Period:
    first = today - timedelta(days=back)
    return Period(first.isoformat(), (first + timedelta(days=length - 1)).isoformat())


def _last_week(today: date) -> Period:
    return Period((today - timedelta(days=today.weekday() + 7)).isoformat(), today.isoformat())


def _last_month(today: date) -> Period:
    end = today.replace(day=1) - timedelta(days=1)
    return Period(end.replace(day=1).isoformat(), today.isoformat())


# Relative times speak of when an article came out. A bare year or month mostly belongs to the topic ("the 2008
# crisis"), so those restrict only after "since" or "articles from".
_RELATIVE: tuple[tuple[re.Pattern[str], Callable[[date], Period]], ...] = tuple(
    (re.compile(rf"(?i)\b(?:{pattern})\b"), period)
    for pattern, period in (
        ("today", lambda today: _days(today, 0)),
        ("yesterday", lambda today: _days(today, 1)),
        ("(?:in the |over the |the )?(?:last|past) (?:few days|days)", lambda today: _days(today, 4, 5)),
        ("(?:in the |over the |the )?(?:last|past) week", _last_week),
        ("this week", lambda today: Period((today - timedelta(days=today.weekday())).isoformat(), today.isoformat())),
        ("(?:in the |over the |the )?(?:last|past) month", _last_month),
        ("this month", lambda today: Period(today.replace(day=1).isoformat(), today.isoformat())),
        ("this year", lambda today: Period(today.replace(month=1, day=1).isoformat(), today.isoformat())),
    )
)
_SINCE = re.compile(rf"(?i)\b(?P<how>since|before|until|after)\s+(?:{_MONTH}\s*)?(?P<year>(?:19|20)\d\d)?(?=\W|$)")


def find_period(text: str, *, today: date) -> tuple[Period, str]:
    """The period a question restricts itself to, and the question without those words."""
    for pattern, period in _RELATIVE:
        if (match := pattern.search(text)) and _stands_last(text, match):
            return period(today), _without(text, match)
    match = _SINCE.search(text)
    if match is None or not (match["month"] or match["year"]) or not _stands_last(text, match):
        return Period(), text
    first, last = _named_month(match["month"], match["year"], today)
    how = match["how"].lower()
    if how in {"since", "after"}:
        return Period((first if how == "since" else last + timedelta(days=1)).isoformat()), _without(text, match)
    return Period(None, (first - timedelta(days=1) if how == "before" else last).isoformat()), _without(text, match)


def _stands_last(text: str, match: re.Match[str]) -> bool:
    """Times restrict at the end of a question; inside it they are part of what is asked ("how the week began")."""
    return not re.search(r"\w", text[match.end() :])


def _named_month(month: str | None, year: str | None, today: date) -> tuple[date, date]:
    """First and last day of the named month or year; a month without a year is the latest that has begun."""
    number = _MONTHS[month.lower()] if month else None
    chosen = int(year) if year else today.year - (number is not None and number > today.month)
    low, high = number or 1, number or 12
    return date(chosen, low, 1), date(chosen, high, calendar.monthrange(chosen, high)[1])


def _without(text: str, match: re.Match[str]) -> str:
    return f"{text[: match.start()]} {text[match.end() :]}".strip() or text
