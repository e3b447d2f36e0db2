"""Who wrote an article and who published it, told from one line."""

from __future__ import annotations

import re

from bot.reading.wordlists import CALENDAR, KNOWN_OUTLETS, PARTICLES

CUE = re.compile(
    r"^\W{0,3}(?:(?:words|written|story|text|report|reported|reporting|posted|analysis|interview|opinion|review"
    r"|article|exclusive|published|photographs and text)(?: and \w+)? by"
    r"|by|author|authors|byline|from|reporter|correspondent|von|par|por|di|door|av|af)(?:\s*:\s*|\s+)(?=\S)",
    re.IGNORECASE,
)
SEGMENT = re.compile(r"\s*(?:[|•·–—]|\s-\s|,|;|\s{2,}|\bin\b|\bat\b|\bfor\b(?= [A-Z]))\s*")
JOINT = re.compile(r"\s*(?:,|;|&|\+|\band\b|\bwith\b|\bund\b|\bet\b)\s*")
ROLE = re.compile(
    r"\b(?:editor|reporter|correspondent|writer|journalist|columnist|staff|contributor|producer|chief|bureau"
    r"|desk|freelance|analyst|critic|fellow|professor|director|political|senior|special|health|science|business"
    r"|sports?|technology|environment"
    r"|education|economics|diplomatic|legal|affairs|president|host|photographer|author)\b",
    re.IGNORECASE,
)
CONTACT = re.compile(r"\S+@\S+|@\w+|https?://\S+|\bwww\.\S+", re.IGNORECASE)
NOT_IN_NAMES = re.compile(r"[0-9@#$%!?:;<>=_\"“”«»(){}\[\]/\\]")

OUTLET_WORD = re.compile(
    r"\b(?:news|newswire|times|post|herald|telegraph|guardian|tribune|journal|gazette|chronicle|press|daily"
    r"|standard|independent|observer|mail|express|mirror|star|sun|globe|courier|argus|echo|bulletin|review"
    r"|magazine|today"
    r"|online|tv|television|radio|broadcasting|zeitung|nachrichten|tagblatt|tageblatt|anzeiger|rundschau|kurier"
    r"|presse|diario|periódico|jornal|correio|gazeta|gazzetta|messaggero|tidende|dagblad|nieuws|nyheter|bladet"
    r"|dispatch|examiner|inquirer|enquirer|register|reporter|sentinel|ledger|leader|advertiser|advocate|argus"
    r"|banner|bee|beacon|call|citizen|democrat|republican|republic|record|eagle|free press|intelligencer"
    r"|monitor"
    r"|nation|news-\w+|\w+-times|\w+-tribune|\w+-journal|\w+-herald|\w+-post|patriot|pioneer|recorder|report"
    r"|spectator|statesman|transcript|union|vindicator|weekly|wire|world|mercury|age|australian|scotsman"
    r"|irishman|hindu|hindustan"
    r"|digest|insider|inquisitr|politico|figaro|spiegel|monde|stampa|repubblica|nación|país|mundo|pravda"
    r"|izvestia|novosti|shimbun|agency|network|media|channel \d+|\w+\.(?:com|org|net|co\.uk|info|news|io|de|fr"
    r"|ie|in|ca))\b",
    re.IGNORECASE,
)
ACRONYM = re.compile(r"^(?:[A-Z]{2,5}\d?|[A-Z]{3,5}[ -][A-Z]{2,4})$")
LONGEST_BYLINE, LONGEST_OUTLET = 140, 45
MOST_NAME_WORDS, MOST_OUTLET_WORDS = 6, 4


def is_name(text: str) -> bool:
    """Shaped as a name is printed: capitalised words, with particles between them, no digits or sentence marks."""
    words = text.split()
    if not 0 < len(words) <= MOST_NAME_WORDS or NOT_IN_NAMES.search(text):
        return False
    if words[0].casefold().strip(".,") in CALENDAR:
        return False
    shaped = [_is_capitalised(word) for word in words]
    if not (shaped[-1] and (shaped[0] or words[0].casefold() in PARTICLES)):
        return False
    return all(is_big or word.casefold() in PARTICLES for word, is_big in zip(words, shaped, strict=True))


def _is_capitalised(word: str) -> bool:
    letters = [c for c in word if c.isalpha()]
    if not letters:
        return word in {"&", "-"}
    if not letters[0].islower():
        return True
    # d'Ancona, al-Sayed, O’Neil: the capital comes after a mark.
    return bool(re.match(r"^[a-z]{1,3}[-'’]", word)) and any(c.isupper() for c in letters)


def parse_byline(line: str) -> str | None:
    """The people (or body) a byline names, as printed, without "By", role, place, agency or address.

    Returns None for everything that is no byline: the whole line has to consist of names and what goes with them.
    """
    if len(line) > LONGEST_BYLINE:
        return None
    cue = CUE.match(line)
    if cue is None:
        return None
    rest = CONTACT.sub("", line[cue.end() :]).strip(" .,;|•·–—-")
    if not rest:
        return None
    if is_name(rest):
        return rest
    return _find_people(rest)


def _find_people(rest: str) -> str | None:
    """The people at the front, as printed; what follows them must be a role, a place or an outlet."""
    end = 0
    position = 0
    for index, segment in enumerate(SEGMENT.split(rest)):
        position = rest.index(segment, position) + len(segment)
        parts = [part for part in JOINT.split(segment) if part]
        if parts and all(is_name(part) and not ROLE.search(part) for part in parts):
            if index == 0 or all(" " in part and not is_outlet(part) for part in parts):
                end = position
        elif not (end and _is_role(segment)):
            return None
    return rest[:end] or None


def _is_role(segment: str) -> bool:
    return len(segment.split()) <= MOST_NAME_WORDS and bool(
        ROLE.search(segment) or re.search(r"\d{4}|\d:\d\d", segment)
    )


def is_outlet(line: str) -> bool:
    """Reads as the name of a publisher: known, or with a word that only papers and stations carry."""
    folded = line.casefold().strip(" .")
    if folded in KNOWN_OUTLETS or folded.removeprefix("the ") in KNOWN_OUTLETS:
        return True
    if len(line) > LONGEST_OUTLET or len(line.split()) > MOST_NAME_WORDS or NOT_IN_NAMES.search(line.replace("/", "")):
        return False
    if not is_name(line) and not re.fullmatch(r"[\w-]+(?:\.[\w-]+)+", line):
        return False
    return bool(OUTLET_WORD.search(line))


def may_be_outlet(line: str) -> bool:
    """Could be a publisher where it stands alone under a headline: "The Intercept", "CNN"."""
    if is_outlet(line):
        return True
    words = line.split()
    if not is_name(line) or len(line) > LONGEST_OUTLET:
        return False
    return bool(ACRONYM.match(line)) or (
        words[0] in {"The", "Le", "La", "El", "Die", "Der", "Das", "Il", "De", "Al"}
        and 1 < len(words) <= MOST_OUTLET_WORDS
    )
