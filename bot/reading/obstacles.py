"""Pages that stand before an article instead of it: paywalls, consent walls, captchas, soft 404s, empty shells."""

from __future__ import annotations

import re

# An article this short with one of these on its page is a notice, not an article; up to the second number it may be
# the opening of one.
SHORTEST_ARTICLE_WORDS, SHORTEST_WHOLE_WORDS = 30, 120
MOST_CHARS = 200_000
ROBOT_CHECK = re.compile(
    r"are you (?:a )?(?:human|robot)|not a robot|captcha|unusual traffic|verify(?:ing)? you are (?:a )?human"
    r"|checking your browser|attention required|cf-browser-verification|access denied|request (?:was )?blocked"
    r"|bot detection",
    re.IGNORECASE,
)
MISSING = re.compile(
    r"page (?:was |could |can)?(?:not|n['’]t)(?: be)? found|404 (?:error|not found)|error 404"
    r"|no longer (?:available|exists?)|page (?:does not|doesn['’]t) exist|seite (?:wurde )?nicht gefunden"
    r"|page introuvable|página no encontrada",
    re.IGNORECASE,
)
PAYWALL = re.compile(
    r"subscribe (?:now )?to (?:continue|read|keep)|subscribers? only|(?:to|and) (?:continue|keep) reading"
    r"|already a subscriber|sign in to (?:read|continue)|become a (?:member|subscriber)|this (?:article"
    r"|content|story) is (?:for|only for|reserved|exclusive)|premium (?:article|content)"
    r"|free articles? (?:left|remaining)|register to (?:read|continue)|nur für abonnenten|réservé aux abonnés",
    re.IGNORECASE,
)
CONSENT = re.compile(
    r"we (?:and our partners )?(?:value|care about) your privacy|cookie (?:consent|preferences|settings)"
    r"|accept (?:all )?cookies|before you continue|consent to (?:the use|cookies)|manage (?:your )?(?:consent"
    r"|preferences)|wir verwenden cookies|nous utilisons des cookies",
    re.IGNORECASE,
)
SCRIPTED = re.compile(
    r"enable javascript|javascript (?:is|to be) (?:required|disabled|enabled)|requires javascript"
    r"|turn on javascript|you need to enable javascript|browser (?:is not|isn['’]t) supported",
    re.IGNORECASE,
)
OBSTACLES = (
    (ROBOT_CHECK, "The site wants proof that a person is reading, so the article cannot be fetched."),
    (MISSING, "The site says that there is no such page."),
    (PAYWALL, "The article stands behind a paywall; only its opening can be seen."),
    (CONSENT, "The site shows a page about consent instead of the article."),
    (SCRIPTED, "The page builds its text with scripts, so there is nothing to read in it."),
)
TAGS = re.compile(r"<(script|style)\b.*?</\1\s*>|<[^>]*>", re.IGNORECASE | re.DOTALL)
WORD = re.compile(r"\w+")


def name_obstacle(page: str, article: str) -> str | None:
    """A sentence on what stands in the article's place, or None where the article looks like one.

    Args:
        page: The page's markup.
        article: The text that was taken for its article.
    """
    if len(WORD.findall(article)) >= SHORTEST_ARTICLE_WORDS:
        return None
    seen = _visible_text(page)
    found = next((sentence for pattern, sentence in OBSTACLES if pattern.search(seen)), None)
    return f"{found} Paste the article's text, or attach its file." if found else None


def is_opening_only(page: str, article: str) -> bool:
    """True for a short text on a page that speaks of a paywall."""
    return len(WORD.findall(article)) < SHORTEST_WHOLE_WORDS and bool(PAYWALL.search(_visible_text(page)))


def _visible_text(page: str) -> str:
    return TAGS.sub(" ", page[:MOST_CHARS])
