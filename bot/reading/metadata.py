"""What a page says of itself: title, byline, publisher, date, language, canonical link."""

from __future__ import annotations

import re
from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from bot.reading.bylines import CUE, MOST_OUTLET_WORDS, is_name, is_outlet, parse_byline
from bot.reading.dates import parse_moment
from bot.reading.jsonld import URL, find_names, read_linked, squeeze
from bot.reading.wordlists import ordered
from db.model import Head

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST_MOMENT = 80
TITLE_JOINT = re.compile(r"\s+[|\-–—•·»:/]+\s+|\s*\|\s*")
WORD = re.compile(r"\w+")
TITLE_KEYS = ("og:title", "twitter:title", "dc.title", "sailthru.title", "parsely-title", "headline")
BYLINE_KEYS = ordered("""
    author parsely-author sailthru.author byl dc.creator dcterms.creator dc.contributor article:author_name
    og:article:author article:author author_name byline cxenseparse:author creator twitter:data1
""")
SITE_KEYS = ordered("""
    og:site_name application-name apple-mobile-web-app-title twitter:app:name:iphone dc.publisher publisher
    al:ios:app_name
""")
DATE_KEYS = ordered("""
    article:published_time og:article:published_time datepublished parsely-pub-date sailthru.date pubdate
    publishdate publish-date date dc.date.issued dcterms.created dc.date article.published og:published_time
    cxenseparse:recs:publishtime originalpublicationdate publication_date displaydate date.created created
    article:post_date rnews:datepublished ptime pdate cxenseparse:publishtime bt:pubdate article_date_original
""")
BYLINE_HINT = re.compile(r"\b(?:byline|by-line|author|contributor|writer|creator|reporter)", re.IGNORECASE)
NOT_BYLINE_HINT = re.compile(
    r"bio|avatar|image|photo|comment|related|about|social|follow|description|box|card-footer|link-list", re.IGNORECASE
)
AFFILIATION = re.compile(
    r"\s*(?:\||\s[-–—]\s|/"
    r"|,\s+(?=[A-Z][\w.& ]*\b(?:News|Editor|Reporter|Correspondent|Writer|Press|Staff|Times|Post)\b))"
)
DATE_HINT = re.compile(r"\b(?:date|time|publi|posted|created)", re.IGNORECASE)
DATE_IN_LINK = re.compile(r"/((?:19|20)\d\d)[/-](\d\d?)[/-](\d\d?)(?=[/\-.]|$)")
LONGEST_NAME = 8
SHORTEST_HANDLE = 5
NO_AUTHOR = re.compile(
    r"^(?:admin|administrator|editor|staff|webmaster|newsroom|guest|unknown|none|null|user\d*)$", re.IGNORECASE
)


@dataclass(slots=True)
class _Page:
    """The parts of a page that speak of it, read once."""

    root: Any
    metas: dict[str, str]
    linked: list[dict[str, Any]]
    url: str | None


def read_metadata(root: Any, url: str | None) -> tuple[Head, tuple[str, ...]]:
    """Read a page's head from JSON-LD, then what is visible, then meta tags and guesses.

    Returns:
        The head, and every name the page has for itself (for telling repeats of the title from paragraphs).
    """
    page = _Page(root, _read_metas(root), list(read_linked(root)), url)
    site = _find_site(page)
    titles = _find_titles(page, site)
    head = Head(
        title=titles[0] if titles else None,
        byline=_find_byline(page, site),
        publisher=site,
        published=_find_date(page),
        url=_find_canonical(page),
        language=_find_language(page),
    )
    return head, tuple(titles)


def _read_metas(root: Any) -> dict[str, str]:
    metas: dict[str, str] = {}
    for meta in root.iter("meta"):
        content = squeeze(meta.get("content"))
        for attribute in ("property", "name", "itemprop"):
            key = (meta.get(attribute) or "").strip().casefold()
            if key and content:
                metas.setdefault(key, content)
    return metas


def _find_titles(page: _Page, site: str | None) -> list[str]:
    """The page's names for itself, best first: the visible heading where the page's own metadata agree with it."""
    linked = [squeeze(o.get("headline")) for o in page.linked if isinstance(o.get("headline"), str)]
    metas = [page.metas[key] for key in TITLE_KEYS if key in page.metas]
    tags = [squeeze(tag.text_content()) for tag in page.root.iter("title")][:1]
    claims = [_strip_site(title, site) for title in (*linked, *metas, *tags) if title]
    visible = [squeeze(h.text_content()) for h in page.root.iter("h1")]
    visible = [title for title in visible if title and len(title) <= 300]  # noqa: PLR2004
    agreed = [title for title in visible if any(_agrees(title, claim) for claim in claims)]
    if not agreed and len(visible) == 1 and len(WORD.findall(visible[0])) > 3 and not claims:  # noqa: PLR2004
        agreed = visible
    ordered = [*agreed[:1], *claims, *visible]
    return list(dict.fromkeys(title for title in ordered if title))


def _agrees(title: str, claim: str) -> bool:
    ours, theirs = set(WORD.findall(title.casefold())), set(WORD.findall(claim.casefold()))
    return bool(ours) and len(ours & theirs) >= 0.6 * len(ours | theirs)


def _strip_site(title: str, site: str | None) -> str:
    """Take the publisher off a title's end or front: "Bridge closes | Port Herald"."""
    joints = list(TITLE_JOINT.finditer(title))
    if not joints:
        return title
    last, first = joints[-1], joints[0]
    tail, front = title[last.end() :], title[: first.start()]
    if site and _same(tail, site):
        return title[: last.start()]
    if site and _same(front, site):
        return title[first.end() :]
    is_bar = "|" in last.group() or "•" in last.group() or "»" in last.group()
    if len(WORD.findall(tail)) <= 4 and (is_bar or is_outlet(tail)):  # noqa: PLR2004
        return _strip_site(title[: last.start()], site)
    return title


def _same(a: str, b: str) -> bool:
    a, b = ("".join(WORD.findall(x.casefold())) for x in (a, b))
    return bool(a and b) and (a == b or (min(len(a), len(b)) > 3 and (a in b or b in a)))  # noqa: PLR2004


def _find_site(page: _Page) -> str | None:
    """The publisher's name as the page prints it."""
    for key in SITE_KEYS:
        name = page.metas.get(key, "")
        if name and not URL.search(name) and len(name) <= 60:  # noqa: PLR2004
            return _clean_site(name)
    for node in page.linked:
        for name in find_names(node.get("publisher")):
            return _clean_site(name)
    handle = page.metas.get("twitter:site", "").lstrip("@")
    host = _host(page.url)
    for tag in page.root.iter("title"):
        parts = TITLE_JOINT.split(squeeze(tag.text_content()))
        for part in (parts[-1], parts[0]) if len(parts) > 1 else ():
            flat = "".join(WORD.findall(part.casefold()))
            if flat and (flat in host.replace("-", "") or flat == handle.casefold() or is_outlet(part)):
                return part
        # What follows the page's own heading in its title is the paper.
        headings = {squeeze(heading.text_content()) for heading in page.root.iter("h1")}
        if len(parts) > 1 and parts[0] in headings and len(parts[-1].split()) <= MOST_OUTLET_WORDS:
            return parts[-1]
    return host or None


def _clean_site(name: str) -> str:
    parts = re.split(r"\s+[|–—-]\s+|\s*\|\s*", name)
    return parts[0].strip() or name


def _find_byline(page: _Page, site: str | None) -> str | None:
    for names in _claimed_authors(page):
        people = [person for name in names if (person := _clean_person(name))]
        people = [person for person in people if not _is_publisher(person, site, page.url)]
        people = [person for person in people if not is_outlet(person)] or people
        if people:
            return ", ".join(dict.fromkeys(people))
    # A byline that readers see counts as printed, even where it names the paper itself.
    visible = (_clean_person(name) for names in _visible_bylines(page.root) for name in names)
    return next((person for person in visible if person), None)


def _is_publisher(name: str, site: str | None, url: str | None) -> bool:
    host = _host(url)
    flat = "".join(WORD.findall(name.casefold()))
    return flat in {"".join(WORD.findall((site or "").casefold())), host.split(".")[0], host.replace(".", "")}


def _claimed_authors(page: _Page) -> Iterator[list[str]]:
    """Authors that metadata claim, most trusted first."""
    for node in page.linked:
        if names := find_names(node.get("author")):
            yield names
    for key in BYLINE_KEYS:
        value = page.metas.get(key)
        if value and not URL.search(value):
            yield re.split(r"\s*[;|]\s*", value)


def _visible_bylines(root: Any) -> Iterator[list[str]]:
    for element in root.iter("a", "span", "p", "div", "address", "cite", "strong", "li", "h3", "h4", "h5"):
        hint = " ".join(element.get(name) or "" for name in ("class", "id", "itemprop", "rel"))
        if not BYLINE_HINT.search(hint) or NOT_BYLINE_HINT.search(hint):
            continue
        text = squeeze(element.text_content())
        if not 0 < len(text) <= 120:  # noqa: PLR2004
            continue
        if byline := parse_byline(text):
            yield [byline]
        elif is_name(text) and (" " in text or len(text) > SHORTEST_HANDLE):
            yield [text]


def _clean_person(name: str) -> str | None:
    """One person's name without "By", agency, role; None for what names no author."""
    name = squeeze(name)
    name = parse_byline(name) or CUE.sub("", name, count=1)
    name = AFFILIATION.split(name)[0]
    name = re.sub(r"\s*\([^()]*\)\s*$", "", name).strip(" ,.;:")
    if not name or len(name) > 120 or URL.search(name) or NO_AUTHOR.match(name):  # noqa: PLR2004
        return None
    people = name.split(", ")
    # "Jane Doe, Futurism": one word after a name is an agency or a place.
    people = [people[0], *(person for person in people[1:] if " " in person and not is_outlet(person))]
    return (
        ", ".join(people) if len(people) > 1 or is_name(people[0]) or len(people[0].split()) <= LONGEST_NAME else None
    )


def _find_date(page: _Page) -> str | None:
    """When it was published, with time and zone where the page says them; ISO 8601."""
    for node in page.linked:
        if found := _iso(node.get("datePublished")) or _iso(node.get("dateCreated")):
            return found
    for key in DATE_KEYS:
        if found := _iso(page.metas.get(key)):
            return found
    for element in page.root.iter("time", "span", "abbr", "meta"):
        if element.get("itemprop") == "datePublished" and (
            found := _iso(
                element.get("datetime") or element.get("content") or element.get("title") or element.text_content()
            )
        ):
            return found
    return _find_visible_date(page)


def _find_visible_date(page: _Page) -> str | None:
    """A date beside the headline, in the link, or the best guess from the whole page."""
    for element in page.root.iter("time"):
        if found := _iso(element.get("datetime")) or _iso(squeeze(element.text_content())):
            return found
    for element in page.root.iter("span", "p", "div", "li"):
        hint = f"{element.get('class') or ''} {element.get('id') or ''}"
        if DATE_HINT.search(hint) and (found := _iso(squeeze(element.text_content()[:200]))):
            return found
    if match := DATE_IN_LINK.search(page.url or ""):
        return f"{match[1]}-{int(match[2]):02}-{int(match[3]):02}"
    return _guess_date(page)


def _guess_date(page: _Page) -> str | None:
    from htmldate import find_date

    try:
        found: str | None = find_date(deepcopy(page.root), url=page.url, original_date=True, extensive_search=False)
    except Exception:  # noqa: BLE001 (a guesser must not cost the article)
        return None
    return found


def _iso(value: Any) -> str | None:
    if not isinstance(value, str) or len(value) > LONGEST_MOMENT:
        return None
    return parse_moment(value)


def _find_canonical(page: _Page) -> str | None:
    """The page's own link; the given one where it names none, or one that is no article's."""
    for link in page.root.iter("link"):
        if "canonical" in (link.get("rel") or "").casefold().split() and link.get("href"):
            found = _join_link(page.url, str(link.get("href")).strip())
            if found and urlsplit(found).path.strip("/"):
                return found
    return page.url or _join_link(None, page.metas.get("og:url", ""))


def _join_link(base: str | None, link: str) -> str | None:
    """A web link in full; None for anything else, of which pages are full."""
    try:
        found = urljoin(base or "", link)
        return found if urlsplit(found).scheme in ("http", "https") else None
    except ValueError:
        return None


def is_same_site(one: str | None, other: str | None) -> bool:
    """True for two links to one host; a page may name its own canonical link, not somebody else's."""
    return bool(one and other) and _host(one) == _host(other) != ""


def _host(url: str | None) -> str:
    try:
        return (urlsplit(url or "").hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _find_language(page: _Page) -> str | None:
    value = page.root.get("lang") or page.metas.get("og:locale") or page.metas.get("content-language") or ""
    match = re.match(r"[A-Za-z]{2,3}(?=[-_]|$)", value.strip())
    return match.group().casefold() if match else None
