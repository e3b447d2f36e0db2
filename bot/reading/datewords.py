"""When a sentence says something was or will be: dates, weekdays, months, years and spans of them, in English words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, TypeAlias

from bot.reading.amounts import NUMBER_WORDS, UNITS
from bot.reading.dates import MONTHS, MONTHS_IN_YEAR, NOON, find_days

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
_DAY_NUMBERS = {name: number for number, name in enumerate(_DAYS)}
_WEEK = len(_DAYS)
_DAY = rf"(?P<day>{'|'.join(_DAYS)})"
_LONG_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_MONTH = rf"(?P<month>(?P<short>(?:Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec)(?=\.| [0-9]))|{_LONG_MONTHS})(?(short)\.?)"
_YEAR = r"(?P<year>(?:1[5-9]|20)[0-9]{2})(?![\w%£$€]|[.,:/][0-9])"
_PART = r"(?: (?:morning|afternoon|evening|night))?"
_WHICH = r"(?P<which>[Ll]ast|[Nn]ext|[Tt]his)"
_COUNT = rf"(?P<count>[0-9]{{1,3}}|an?|{'|'.join(sorted(NUMBER_WORDS, key=len, reverse=True))})"
# Looking back from a weekday or month, this says that it is still to come, unless a comma stands between.
_AHEAD = re.compile(
    r"\b(?:will|would|shall|due|scheduled|expected|planned|plans?|set to|(?:is|are|was|were) to|coming)\b[^,;:“”\"]*$"
)
_OPEN = re.compile(r"\b(?:[Bb]y|[Uu]ntil|[Tt]ill|[Bb]efore) (?:the )?$")
_ROUGH = re.compile(r"\b(?:than|over|almost|nearly|about|around|some|least|under) $")
_SINCE = re.compile(r"\b[Ss]ince (?:the |at least )?$")
_UNTIL = re.compile(r"\b(?:[Uu]ntil|[Tt]ill) (?:the )?$")
_FROM = re.compile(r"\b(?:[Ff]rom|[Bb]etween) (?:the )?$")
_JOINT = re.compile(r" (?:to|and|until) |[-–]| [-–] ")
_FOUR_FIGURES = re.compile(r"[0-9]{4}")
_FIRST_DAY = re.compile(
    r"(?:(?<![\w.,:/–-])|[Ff]rom |[Bb]etween )(?P<range>(?P<day>[0-9]{1,2})(?:[-–]|(?: to | and )))$"
)
_VIEW = 48
_MONTH_LENGTH = len("2009-12")
_YEAR_LENGTH = len("2009")
_DAY_LENGTH = len("2009-12-04")
_HALF_YEAR_DAYS = 183
_HOURS = 24
# Start, end and value.
_Time: TypeAlias = "tuple[int, int, str | None]"


@dataclass(frozen=True, slots=True)
class _View:
    """What an expression is resolved against: the article's day, and the words shortly before the expression."""

    day: date
    before: str

    @property
    def is_ahead(self) -> bool | None:
        """Whether the text looks forward; None where that is open ("by Friday")."""
        return None if _OPEN.search(self.before) else _AHEAD.search(self.before) is not None


def find_dates(sentence: str, *, published: date | None) -> list[_Time]:
    """Find dates and times of day in one sentence, in reading order, none overlapping.

    Args:
        sentence: Any text; only full dates are also found in other languages than English.
        published: The article's day, from which "Tuesday" and "last week" are counted; None where it is unknown.

    Returns:
        Start, end and value: `2009-12-04`, `2009-12`, `2009`, `T15:30`, an interval of two of them joined by "/", open
        ones with ".." ("since October" is `2019-10/..`), or None where the words and the article's day do not tell.
    """
    found: list[_Time] = list(find_days(sentence))
    for pattern, resolve in _PRINTED:
        found += [(match.start(), match.end(), resolve(match)) for match in pattern.finditer(sentence)]
    for pattern, resolve_from in _RELATIVE:
        for match in pattern.finditer(sentence):
            view = _View(published, sentence[max(0, match.start() - _VIEW) : match.start()]) if published else None
            found.append((match.start(), match.end(), _resolve(match, view, resolve_from)))
    return _join(sentence, _apart(found))


def _resolve(
    match: re.Match[str], view: _View | None, resolve: Callable[[re.Match[str], _View], str | None]
) -> str | None:
    try:
        return resolve(match, view) if view else None
    except (ValueError, OverflowError):
        # The thirtieth of February, or a century before the first year.
        return None


def _apart(found: Sequence[_Time]) -> list[_Time]:
    """The longest of those that overlap, in reading order; of equals the one found by the earlier rule."""
    kept: list[_Time] = []
    for start, end, value in sorted(found, key=lambda f: (f[0], -f[1])):
        if not kept or start >= kept[-1][1]:
            kept.append((start, end, value))
    return kept


def _join(sentence: str, found: Sequence[_Time]) -> list[_Time]:
    """Put together what is one time: "Tuesday, 4 May 2010", "from 2006 to 2010", "since October"."""
    joined: list[_Time] = []
    for start, end, value in found:
        if joined and joined[-1][1] - joined[-1][0] < _VIEW:
            first, last, earlier = joined[-1]
            gap = sentence[last:start]
            if sentence[first:last] in _DAY_NUMBERS and gap in {", ", " "}:
                joined[-1] = (first, end, value)
                continue
            opening = _FROM.search(sentence[max(0, first - _VIEW) : first])
            if _JOINT.fullmatch(gap) and (opening or gap[-1] in "-–"):
                joined[-1] = (
                    first,
                    end,
                    _interval(earlier, value, is_shared=_shares_year(sentence[first:last], sentence[start:end])),
                )
                continue
        joined.append((start, end, value))
    return [_opened(sentence, *_with_first_day(sentence, *one)) for one in joined]


def _with_first_day(sentence: str, start: int, end: int, value: str | None) -> _Time:
    """Several days of one month: "9–17 December", "between 9 and 17 December"."""
    opening = _FIRST_DAY.search(sentence[max(0, start - _VIEW) : start])
    if not opening or not sentence[start].isdecimal():
        return start, end, value
    begin = start - len(opening["range"])
    if value is None or len(value) != _DAY_LENGTH:
        return begin, end, None
    first = f"{value[:_MONTH_LENGTH]}-{int(opening['day']):02}"
    return begin, end, f"{first}/{value}" if first[_MONTH_LENGTH:] > "-00" and first < value else None


def _shares_year(first: str, last: str) -> bool:
    """Whether a month takes its year from the one after it: "October to December 2009"."""
    return first not in _DAY_NUMBERS and not _FOUR_FIGURES.search(first) and bool(_FOUR_FIGURES.search(last))


def _interval(first: str | None, last: str | None, *, is_shared: bool) -> str | None:
    """From the first to the last; None where one is open or they stand the wrong way round."""
    if not first or not last or "/" in f"{first}{last}" or first.startswith("T") != last.startswith("T"):
        return None
    if is_shared and len(first) >= _MONTH_LENGTH <= len(last):
        year, rest = last[:_YEAR_LENGTH], first[_YEAR_LENGTH:]
        first = f"{year}{rest}" if f"{year}{rest}" <= last else f"{int(year) - 1:04}{rest}"
    return f"{first}/{last}" if first <= last else None


def _opened(sentence: str, start: int, end: int, value: str | None) -> _Time:
    before = sentence[max(0, start - _VIEW) : start]
    for pattern, form in ((_SINCE, "{}/.."), (_UNTIL, "../{}")):
        if opening := pattern.search(before):
            is_plain = value is not None and "/" not in value and "T" not in value
            return start - len(opening.group()), end, form.format(value) if is_plain else None
    return start, end, value


def _weekday(match: re.Match[str], view: _View) -> str | None:
    number, today = _DAY_NUMBERS[match["day"]], view.day
    which = (match["which"] or "").lower()
    back = (today.weekday() - number) % _WEEK
    if which == "this":
        return (today + timedelta(days=number - today.weekday())).isoformat()
    if which == "last":
        return (today - timedelta(days=back or _WEEK)).isoformat()
    if which == "next" or view.is_ahead:
        return (today + timedelta(days=(_WEEK - back))).isoformat()
    return None if view.is_ahead is None else (today - timedelta(days=back)).isoformat()


def _near_day(match: re.Match[str], view: _View) -> str | None:
    words = {"yesterday": -1, "last night": -1, "tomorrow": 1}
    steps = next((step for word, step in words.items() if match.group().lower().startswith(word)), 0)
    return (view.day + timedelta(days=steps)).isoformat()


def _period(match: re.Match[str], view: _View) -> str | None:
    return _stretch(view.day, match["unit"], {"last": -1, "this": 0, "next": 1}[match["which"].lower()])


def _stretch(today: date, unit: str, steps: int) -> str | None:
    """The day, week, month or year that lies so many of them from today."""
    if unit == "day":
        return (today + timedelta(days=steps)).isoformat()
    if unit == "week":
        first = today + timedelta(days=_WEEK * steps - today.weekday())
        return f"{first.isoformat()}/{(first + timedelta(days=_WEEK - 1)).isoformat()}"
    if unit == "weekend":
        first = today + timedelta(days=_WEEK * steps - today.weekday() + _DAY_NUMBERS["Saturday"])
        # "This weekend" and "next weekend" may each be either of two.
        return f"{first.isoformat()}/{(first + timedelta(days=1)).isoformat()}" if steps < 0 else None
    if unit == "month":
        year, month = divmod(today.year * MONTHS_IN_YEAR + today.month - 1 + steps, MONTHS_IN_YEAR)
        return _month_of(year, month + 1)
    return today.replace(year=today.year + steps, day=1).isoformat()[:_YEAR_LENGTH]


def _past(match: re.Match[str], view: _View) -> str | None:
    days = {"week": _WEEK, "month": 30, "year": 365}[match["unit"]]
    first = _month_day(view.day, match["unit"]) or view.day - timedelta(days=days)
    return f"{first.isoformat()}/{view.day.isoformat()}"


def _month_day(today: date, unit: str) -> date | None:
    """The same day a month or year earlier, where the calendar has it."""
    months = {"month": 1, "year": MONTHS_IN_YEAR}.get(unit, 0)
    year, month = divmod(today.year * MONTHS_IN_YEAR + today.month - 1 - months, MONTHS_IN_YEAR)
    try:
        return today.replace(year=year, month=month + 1) if months else None
    except ValueError:
        return None


def _ago(match: re.Match[str], view: _View) -> str | None:
    if _ROUGH.search(view.before):
        return None
    word = match["count"].lower()
    count = int(word) if word.isdecimal() else NUMBER_WORDS.get(word, 1)
    return _stretch(view.day, match["unit"], -count)


def _month_of(year: int, month: int) -> str:
    return date(year, month, 1).isoformat()[:_MONTH_LENGTH]


def _month(match: re.Match[str], view: _View) -> str | None:
    """A month without a year is the last that has begun, or the next one where the text looks forward."""
    number, today = MONTHS[match["month"].lower()], view.day
    which = (match["which"] or "").lower()
    is_later = number > today.month
    if which == "this":
        return _month_of(today.year, number)
    if which == "last":
        return _month_of(today.year - (number >= today.month), number)
    if which == "next" or view.is_ahead:
        return _month_of(today.year + (not is_later), number)
    return None if view.is_ahead is None else _month_of(today.year - is_later, number)


def _day_of_month(match: re.Match[str], view: _View) -> str | None:
    """A day and month without a year are the nearest such day."""
    number, day = MONTHS[match["month"].lower()], int(match["date"])
    found = date(view.day.year, number, day)
    if abs(found - view.day).days > _HALF_YEAR_DAYS:
        found = found.replace(year=view.day.year + (1 if found < view.day else -1))
    return found.isoformat()


def _month_year(match: re.Match[str]) -> str:
    return _month_of(int(match["year"]), MONTHS[match["month"].lower()])


def _year(match: re.Match[str]) -> str | None:
    first, last = match["year"], match["last"]
    if not last:
        return first
    last = first[: len(first) - len(last)] + last
    return f"{first}/{last}" if first < last else None


def _decade(match: re.Match[str]) -> str:
    first = int(match["decade"])
    return f"{first}/{first + 9}"


def _clock(match: re.Match[str]) -> str | None:
    hour, minute, half = int(match["hour"]), match["minute"] or "00", match["half"]
    if half:
        hour = hour % NOON + (NOON if half == "p" else 0) if 0 < hour <= NOON else _HOURS
    return f"T{hour:02}:{minute}" if hour < _HOURS else None


def _nothing(_match: re.Match[str]) -> None:
    """Times that only the sentence before can tell: "the next day"."""


# Before these words a year is a year, even where a plural follows: "the 2016 floods", but "2000 chairs".
_DATING = "|".join(f"(?<={word} )" for word in ("In", "in", "ince", "By", "by", "of", "from", "The", "the", "’s", "'s"))
_NOT_COUNTED = rf"(?![0-9]{{4}} (?:[a-z]{{3,20}}s|{UNITS})\b)"
# May and March are also words, and names of people; a month after one of these is none of them.
_MONTHLY = r"(?<=\b[IiBb][ny] )|(?<=ince )|(?<=ntil )|(?<= of )|(?<=[Ff]rom )|(?<= to )|(?<=arly )|(?<=late )|(?<=mid-)"
_PRINTED: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str | None]], ...] = (
    (re.compile(rf"\b{_MONTH},?(?: of)? {_YEAR}"), _month_year),
    (
        re.compile(
            rf"(?<![\w.,:/\-–£$€¥₹#])(?:{_DATING}|{_NOT_COUNTED}){_YEAR}(?:[-–/](?P<last>[0-9]{{4}}|[0-9]{{2}})(?![\w-]))?"
        ),
        _year,
    ),
    (re.compile(rf"\b(?:[Ss]pring|[Ss]ummer|[Aa]utumn|[Ww]inter)(?: of)? {_YEAR}(?P<last>)"), _year),
    (re.compile(r"\b(?P<decade>(?:1[5-9]|20)[0-9]0)s\b"), _decade),
    (
        re.compile(
            r"(?<![\w.,:/£$€-])(?P<hour>[0-9]{1,2})(?:[:.](?P<minute>[0-5][0-9]))? ?(?P<half>[ap])(?:m\b|\.m\.)"
        ),
        _clock,
    ),
    (re.compile(r"(?<![\w.,:/£$€-])(?P<hour>[0-9]{1,2}):(?P<minute>[0-5][0-9])(?P<half>)(?![\w:.]*[0-9])"), _clock),
    (re.compile(r"\b(?:[Ll]ast|[Tt]his|[Nn]ext) (?:spring|summer|autumn|winter)\b"), _nothing),
    (re.compile(r"\b[Tt]he (?:next|following|previous|same) (?:day|night|morning|week|month|year)\b"), _nothing),
)
_RELATIVE: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], _View], str | None]], ...] = (
    (re.compile(rf"\b(?:{_WHICH} )?{_DAY}{_PART}\b"), _weekday),
    (
        re.compile(
            r"\b(?:today|tonight|this (?:morning|afternoon|evening)|tomorrow|yesterday|last night)\b"
            # Large inside a sentence it is part of a name ("Harbour Today").
            r"|(?<!\w )\b(?:Today|Tonight|This (?:morning|afternoon|evening)|Tomorrow|Yesterday|Last night)\b"
        ),
        _near_day,
    ),
    (re.compile(rf"\b(?<!the ){_WHICH} (?P<unit>week|weekend|month|year)\b"), _period),
    (re.compile(r"\b(?:[Tt]he )?past (?P<unit>week|month|year)\b"), _past),
    (re.compile(rf"(?<![\w-]){_COUNT} (?P<unit>day|week|month|year)s? ago\b"), _ago),
    (re.compile(rf"\b(?:{_WHICH} ){_MONTH}"), _month),
    (re.compile(rf"\b{_MONTH} (?P<date>[0-9]{{1,2}})(?:st|nd|rd|th)?(?![\w%]|[.,:/-][0-9])"), _day_of_month),
    (re.compile(rf"(?<![\w.,:/-])(?P<date>[0-9]{{1,2}})(?:st|nd|rd|th)?(?: of)? {_MONTH}(?!\w)"), _day_of_month),
    (re.compile(rf"(?:{_MONTHLY}|(?!May|March)\b){_MONTH}(?!\w)(?P<which>)"), _month),
)
