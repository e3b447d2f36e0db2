"""Who wrote an article and who published it, told from one line."""

from __future__ import annotations

import re

PARTICLES = {
    "de", "da", "di", "do", "du", "dos", "das", "des", "del", "della", "dello", "degli", "van", "von", "vom", "zu", "zur", "der", "den", "het", "ten", "ter",
    "bin", "bint", "binti", "ibn", "al", "el", "ap", "y", "e", "i", "wa", "la", "le", "af", "av", "zum", "und", "ni", "nic", "mac", "mc", "st", "st.",
    "the", "of", "for",
}  # fmt: skip
CUE = re.compile(
    r"^\W{0,3}(?:(?:words|written|story|text|report|reported|reporting|posted|analysis|interview|opinion|review|article|exclusive|published|photographs and text)(?: and \w+)? by"
    r"|by|author|authors|byline|from|reporter|correspondent|von|par|por|di|door|av|af)(?:\s*:\s*|\s+)(?=\S)",
    re.IGNORECASE,
)
SEGMENT = re.compile(r"\s*(?:[|•·–—]|\s-\s|,|;|\s{2,}|\bin\b|\bat\b|\bfor\b(?= [A-Z]))\s*")
JOINT = re.compile(r"\s*(?:,|;|&|\+|\band\b|\bwith\b|\bund\b|\bet\b)\s*")
ROLE = re.compile(
    r"\b(?:editor|reporter|correspondent|writer|journalist|columnist|staff|contributor|producer|chief|bureau|desk|freelance|analyst|critic|fellow|professor|director|political|senior|special|health|science|business|sports?|technology|environment"
    r"|education|economics|diplomatic|legal|affairs|president|host|photographer|author)\b",
    re.IGNORECASE,
)
CONTACT = re.compile(r"\S+@\S+|@\w+|https?://\S+|\bwww\.\S+", re.IGNORECASE)
CALENDAR = {
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "january", "february", "march", "april", "may", "june", "july", "august",
    "september", "october", "november", "december", "then", "now", "contrast", "comparison", "law", "far", "default", "noon", "midnight", "today", "tomorrow",
    "christmas", "easter", "phone", "email",
}  # fmt: skip
NOT_IN_NAMES = re.compile(r"[0-9@#$%!?:;<>=_\"“”«»(){}\[\]/\\]")

KNOWN_OUTLETS = {
    "reuters", "bloomberg", "politico", "politico europe", "vox", "vice", "slate", "salon", "time", "newsweek", "axios", "propublica", "npr", "pbs", "bbc", "bbc news",
    "bbc sport", "cnn", "cnn politics", "nbc", "nbc news", "cbs", "cbs news", "abc", "abc news", "fox", "fox news", "msnbc", "cnbc", "sky news", "itv", "itv news", "rte", "rté", "rt",
    "al jazeera", "al jazeera english", "al arabiya", "al-monitor", "associated press", "ap", "ap news", "afp", "agence france-presse", "upi", "dpa", "ansa", "efe", "xinhua", "tass",
    "interfax", "kyodo", "yonhap", "le monde", "le figaro", "libération", "le parisien", "les echos", "ouest-france", "mediapart", "el país", "el pais", "el mundo", "la vanguardia", "abc.es",
    "clarín", "la nación", "folha de s.paulo", "o globo", "estadão", "público", "expresso", "corriere della sera", "la repubblica", "la stampa", "il sole 24 ore", "der spiegel",
    "spiegel", "die zeit", "die welt", "welt", "bild", "faz", "taz", "süddeutsche zeitung", "nzz", "tages-anzeiger", "der standard", "die presse", "de volkskrant", "nrc", "trouw",
    "de telegraaf", "de standaard", "de morgen", "le soir", "dagens nyheter", "svenska dagbladet", "aftonbladet", "expressen", "aftenposten", "vg", "nrk", "politiken", "berlingske",
    "jyllands-posten", "helsingin sanomat", "yle", "haaretz", "ynet", "mint", "scroll.in", "ndtv", "dawn", "daily maverick", "south china morning post", "scmp", "nikkei", "nikkei asia",
    "asahi shimbun", "mainichi", "caixin", "rappler", "stuff", "crikey", "quartz", "wired", "the verge", "verge", "engadget", "gizmodo", "techcrunch", "ars technica", "cnet", "zdnet",
    "mashable", "buzzfeed", "buzzfeed news", "huffpost", "huffington post", "the huffington post", "breitbart", "drudge report", "townhall", "the daily beast", "daily beast", "mother jones", "the atlantic", "the new yorker",
    "new yorker", "vanity fair", "rolling stone", "esquire", "gq", "vogue", "forbes", "fortune", "barron's", "marketwatch", "the economist", "economist", "financial times", "ft", "usa today", "espn",
    "the athletic", "bleacher report", "deadline", "variety", "the hill", "roll call", "stat", "nature", "science", "new scientist", "scientific american", "national geographic",
    "deutsche welle", "dw", "france 24", "rfi", "euronews", "swissinfo", "voice of america", "voa", "radio free europe", "rfe/rl", "the intercept", "the conversation", "the wire", "the print",
    "gulf news", "arab news", "the national", "metro", "metro.co.uk", "business insider", "insider", "yahoo", "yahoo news", "msn", "the west australian",
}  # fmt: skip
OUTLET_WORD = re.compile(
    r"\b(?:news|newswire|times|post|herald|telegraph|guardian|tribune|journal|gazette|chronicle|press|daily|standard|independent|observer|mail|express|mirror|star|sun|globe|courier|argus|echo|bulletin|review|magazine|today"
    r"|online|tv|television|radio|broadcasting|zeitung|nachrichten|tagblatt|tageblatt|anzeiger|rundschau|kurier|presse|diario|periódico|jornal|correio|gazeta|gazzetta|messaggero|tidende|dagblad|nieuws|nyheter|bladet"
    r"|dispatch|examiner|inquirer|enquirer|register|reporter|sentinel|ledger|leader|advertiser|advocate|argus|banner|bee|beacon|call|citizen|democrat|republican|republic|record|eagle|free press|intelligencer|monitor"
    r"|nation|news-\w+|\w+-times|\w+-tribune|\w+-journal|\w+-herald|\w+-post|patriot|pioneer|recorder|report|spectator|statesman|transcript|union|vindicator|weekly|wire|world|mercury|age|australian|scotsman|irishman|hindu|hindustan"
    r"|digest|insider|inquisitr|politico|figaro|spiegel|monde|stampa|repubblica|nación|país|mundo|pravda|izvestia|novosti|shimbun|agency|network|media|channel \d+|\w+\.(?:com|org|net|co\.uk|info|news|io|de|fr|ie|in|ca))\b",
    re.IGNORECASE,
)
ACRONYM = re.compile(r"^(?:[A-Z]{2,5}\d?|[A-Z]{3,5}[ -][A-Z]{2,4})$")
LONGEST_BYLINE = 140


def is_name(text: str) -> bool:
    """Shaped as a name is printed: capitalised words, with particles between them, no digits or sentence marks."""
    words = text.split()
    if not 0 < len(words) <= 6 or NOT_IN_NAMES.search(text):
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
    names = _split_names(rest)
    return ", ".join(names) if names else None


def _split_names(rest: str) -> list[str]:
    """Names at the front; what follows must be a role, a place or an outlet, or the line is no byline."""
    names: list[str] = []
    segments = [s for s in SEGMENT.split(rest) if s]
    for index, segment in enumerate(segments):
        parts = [p for p in JOINT.split(segment) if p]
        if parts and all(is_name(p) and not ROLE.search(p) for p in parts):
            if index == 0 or all(len(p.split()) > 1 and not is_outlet(p) for p in parts):
                names.extend(parts)
        elif not (names and _is_role(segment)):
            return []
    return names


def _is_role(segment: str) -> bool:
    return len(segment.split()) <= 6 and bool(ROLE.search(segment) or re.search(r"\d{4}|\d:\d\d", segment))


def is_outlet(line: str) -> bool:
    """Reads as the name of a publisher: known, or with a word that only papers and stations carry."""
    folded = line.casefold().strip(" .")
    if folded in KNOWN_OUTLETS or folded.removeprefix("the ") in KNOWN_OUTLETS:
        return True
    if len(line) > 45 or len(line.split()) > 6 or NOT_IN_NAMES.search(line.replace("/", "")):
        return False
    if not is_name(line) and not re.fullmatch(r"[\w-]+(?:\.[\w-]+)+", line):
        return False
    return bool(OUTLET_WORD.search(line))


def may_be_outlet(line: str) -> bool:
    """Could be a publisher where it stands alone under a headline: "The Intercept", "CNN"."""
    if is_outlet(line):
        return True
    words = line.split()
    if not is_name(line) or len(line) > 40:
        return False
    return bool(ACRONYM.match(line)) or (
        words[0] in {"The", "Le", "La", "El", "Die", "Der", "Das", "Il", "De", "Al"} and 2 <= len(words) <= 4
    )
