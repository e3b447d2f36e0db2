"""What a page carries beside its article, told by the shape of one line: share lines, promotion, credits, times.

Every rule looks for a whole line of a kind. A sentence that merely begins like one ("Share prices fell …") is none.
"""

from __future__ import annotations

import re

AGENCIES = (
    r"reuters|afp|ap|epa(?:-efe)?|efe|pa(?: wire| media| images)?|upi|dpa|ansa|apa|keystone|tass|ria novosti|sputnik|xinhua|anadolu"
    r"|ptix?|ani|kyodo|jiji|yonhap|bloomberg|getty(?: images)?|(?:afp|afp via)[ /-]getty(?: images)?|alamy(?: stock photo)?"
    r"|shutterstock|istock(?:photo)?|rex(?: features)?|nurphoto|zuma(?: press)?|sipa(?: usa| press)?|imago(?: images)?|picture alliance"
    r"|associated press|agence france-presse|press association|the canadian press|cp|aap|belga|tt|ntb|scanpix|ritzau"
    r"|wikimedia(?: commons)?|flickr|unsplash|pexels|pixabay|adobe stock|depositphotos|dreamstime|swns|handout|file|ap photo"
    r"|nasa|hulton archive|corbis|magnum|polaris|redux|eyevine|contour|wireimage|filmmagic|splash(?: news)?|backgrid|mega"
    r"|icon sportswire|usa today(?: sports| network)?|imagn(?: images)?|cnbc|cnn|nbc|abc|cbs|fox news"
)
CREDIT_WORD = (
    r"(?:file )?(?:photo(?:graph)?(?:s|er|graphs)?|image|picture|pic|illustration|graphic|artwork|video|credit|image credit|photo credit"
    r"|picture credit|photo illustration|composite|source|image source|copyright|courtesy|handout|foto|fotos|bild|crédit photo)"
)
NAME_WORD = r"[A-ZÀ-ÖØ-ÞŁŠŽĐĆČ][\w.'’À-ÿ-]*"
NAME = rf"{NAME_WORD}(?:[ -](?:{NAME_WORD}|d[aeiou]s?|del|della|van|von|der|den|ten|bin|bint|ibn|al|el|la|le|y|e|Ó|ó|ni|nic))*"
DATE_TAIL = r"(?:,? (?:file(?: photo)?|archive|via [\w ]+|\d{4}))?"

# A credit that closes a caption, or is a line of its own.
CREDIT = re.compile(
    "|".join(
        (
            rf"(?i:[(\[|–—•·-]?\s*\b{CREDIT_WORD}(?: by| courtesy(?: of)?| from)?\s?(?:[:|/©–—-]| by | courtesy ))\s*[^.!?]{{2,80}}?[.)\]]*$",
            rf"[(\[]\s*(?i:(?:{CREDIT_WORD})(?: by| courtesy of| from)?[: ])[^()\[\]]{{2,80}}[)\]]\.?$",
            r"(?:©|\(c\)|\(C\)|Copyright ©?)\s*(?:\d{4}\s*)?[^.!?]{2,60}[.)]?$",
            rf"[(\[]\s*(?i:{AGENCIES})\s*[)\]]\.?$",
            rf"(?:(?<=[.|–—•·(\[-] )|(?<=[(\[])|^)(?:{NAME}\s?[/|]\s?(?i:{AGENCIES})|(?i:{AGENCIES})\s?[/|]\s?{NAME})(?:\s?[/|]\s?{NAME})?{DATE_TAIL}[)\]]?\.?$",
            rf"\b(?:AP Photo|REUTERS|AFP|EPA|Getty Images|GETTY IMAGES|PA Wire|PA|AP)\s?[/|]\s?{NAME}(?:\s?[/|]\s?{NAME})?{DATE_TAIL}[)\]]?\.?$",
            rf"{NAME}\s?[/|]\s?(?:AP|AFP|EPA|PA|UPI|Reuters|REUTERS|Getty|Alamy|Bloomberg|Shutterstock|Xinhua|Anadolu)\b[\w /|]*{DATE_TAIL}[)\]]?\.?$",
            rf"[(\[]{NAME}\s?[/|]\s?{NAME}[)\]]\.?$",
            r"(?i:\b(?:getty images|alamy stock photo|shutterstock|istockphoto|via (?:ap|afp|reuters|getty(?: images)?)))[)\]]?$",
            r"(?i:^(?:image|picture) (?:source|caption|copyright)\b[,:]?.*$)",
        )
    )
)
CAPTION_OPENING = re.compile(
    r"^(?:a |an )?(?:(?:undated )?(?:file|handout|stock|archive|undated|aerial|combination|representational)[ -](?:photo|image|picture|photograph|pic|view)"
    r"|pictured|in this (?:\w+ \d+, \d{4},? )?(?:file )?(?:photo|image|picture)|(?:photo|image|picture|caption|photos|foto)\s?:"
    r"|an? (?:aerial |satellite |general )?(?:view|image|picture|photo|photograph) (?:of|shows|taken)|(?:from )?left to right|clockwise from)\b",
    re.IGNORECASE,
)

SHARE_STRONG = {
    "share", "tweet", "retweet", "email", "e-mail", "print", "save", "comment", "comments", "facebook", "twitter", "whatsapp", "linkedin",
    "reddit", "pinterest", "flipboard", "telegram", "messenger", "instagram", "youtube", "tiktok", "threads", "bluesky", "mastodon", "tumblr",
    "pocket", "copy", "advertisement", "advertisements", "advert", "ad", "ads", "advertising", "sponsored", "subscribe", "subscribed", "follow",
    "following", "sign", "log", "login", "register", "bookmark", "like", "likes", "skip", "menu", "search", "loading", "close", "listen", "play",
    "continue", "continues", "next", "previous", "home", "trending", "related", "recommended", "newsletter", "newsletters", "gift", "rss", "sms",
    "views", "shares", "reply", "report", "expand", "collapse", "download", "gallery", "fullscreen", "unmute", "mute", "autoplay", "snapchat",
    "favorite", "favourite", "favorites", "favourites", "cookies", "breaking", "live", "updates", "donate", "x", "read", "popular", "top",
    "promoted", "transcript", "enlarge", "notifications", "topics", "tags", "app", "view", "show", "read-more", "feedback", "corrections",
}  # fmt: skip
SHARE_WEAK = {
    "this", "that", "on", "via", "by", "with", "to", "the", "a", "an", "of", "in", "up", "out", "us", "me", "your", "our", "my", "for", "from",
    "and", "or", "now", "here", "more", "less", "all", "article", "articles", "story", "stories", "page", "post", "posts", "link", "url",
    "content", "below", "above", "after", "main", "friend", "friends", "later", "free", "today", "button", "options", "option", "news", "video",
    "videos", "photo", "photos", "image", "images", "slideshow", "account", "list", "reading", "it", "add", "get", "send", "text", "size",
    "font", "back", "stop", "start", "see", "hide", "view", "views", "no", "be", "first", "join", "conversation", "discussion", "write",
    "leave", "click", "tap", "most", "watched", "viewed", "latest", "topic", "alerts", "audio", "minutes", "scroll", "down",
    "continue", "please", "wait", "is", "are", "has", "been", "copied", "clipboard", "saved", "shared", "you", "may", "also", "might",
    "editor's", "editors", "editors’", "editor’s", "picks", "story.", "section", "sections", "toggle", "navigation", "site", "website", "edition", "online",
}  # fmt: skip
WORD = re.compile(r"[^\W\d_](?:[\w'’.-]*[\w])?")

PROMOTION_LABEL = re.compile(
    r"^\W*(?:read(?: more| also| next| on| the full story| our)?|also read|more|see(?: also| more)?|related(?: (?:stories|story|articles?|content|news|topics|links|coverage|reading))?"
    r"|don['’]?t miss(?: this)?|watch(?: also| more| live| now)?|listen(?: to)?|in (?:pictures|photos|video|depth)|live(?: updates| blog)?|explained|explainer|analysis|opinion"
    r"|video|gallery|photos|podcast|quiz|poll|trending(?: now)?|recommended(?: for you)?|editor['’]?s['’]? picks?|must[ -]read|more (?:from|on|about|in) [^:]{2,40}|you (?:may|might) (?:also )?like"
    r"|what to read next|further reading|background|key (?:points|takeaways)|top stor(?:y|ies)|breaking(?: news)?|exclusive|subscribe|sign up|follow us|click here|join|download|up next|most read|fact check"
    r"|sponsored|promoted|advertisement|newsletter|get the app|lesen sie(?: auch)?|mehr zum thema|lire aussi|à lire aussi|lea también|leia também|leggi anche)\s?(?::|[|»›→>]|\s[–—-]\s)\s*\S",
    re.IGNORECASE,
)
PROMOTION_CALL = re.compile(
    r"^\W*(?:please |now |or |and )?(?:read (?:more|also|next)|sign(?: up|-up| in)|subscribe|follow|like|join|download|click|tap|get|register|log in|keep up|stay|listen|watch|tune|support|donate|become|have your say"
    r"|tell us|let us know|send us|contact|visit|check out|find us|want|enjoy(?:ed|ing)?|don['’]?t miss|never miss|receive|share your|connect with|email us|start your|try|unlock|discover|this (?:article|story) (?:is|was|has been|originally)|view|see|more (?:on|about|from)|for more)\b",
    re.IGNORECASE,
)
PROMOTION_OBJECT = re.compile(
    r"@\w|\b(?:newsletters?|e-?mails?|inbox|app|apps|alerts?|notifications?|twitter|facebook|instagram|whatsapp|telegram|youtube|tiktok|linkedin|podcasts?|subscri\w+|unlimited access|membership|free trial"
    r"|comments?|conversation|discussion|channel|google news|apple news|journalism|here|below|updates|breaking news|more stories|our (?:site|website|page|coverage|team|guide)|rss|feed|live blog|read more)\b",
    re.IGNORECASE,
)
PROMOTION_BARE = re.compile(
    r"^\W*(?:read (?:more|also|next)|related|see also|also read|don['’]?t miss|more (?:from|on|about)\b|sign up (?:for|to)|subscribe (?:to|for|now|today)|follow (?:us|me|@))",
    re.IGNORECASE,
)
LEGAL = re.compile(
    r"^\W*(?:©|copyright\b|\(c\) ?\d{4}|all rights reserved|(?:this )?(?:article|story|content|material) (?:is|was|may)\b.{0,60}\b(?:published|republished|reproduced|copyright)"
    r"|our standards:|terms (?:of use|and conditions)|privacy policy|cookie (?:policy|settings)|advertise with us|reporting by\b.{3,120}\bediting by\b)",
    re.IGNORECASE,
)
SENTENCE_END = re.compile(r"[.!?…][\"”’'»)\]]*$")
MOMENT_WORD = re.compile(
    r"""
    \b(?:published|posted|updated|last|modified|edited|created|first|originally|date|time|on|at|by|as|of|from|the|and|to|since|in|issued|added|revised|filed|released|uploaded|corrected|ago|just|now|today|yesterday
    |mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:rs?(?:day)?)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?
    |jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?
    |a\.?m|p\.?m|noon|midnight|hrs?|hours?|mins?|minutes?|secs?|seconds?|days?|weeks?|months?|years?|read|reading|listen|watch|est|edt|et|cst|cdt|ct|mst|mdt|pst|pdt|pt|gmt|utc|bst|ist|cet|cest|aest|aedt|sgt|hkt|jst|wat|eat|sast|z|h|m|s|d|am|uhr|an?)\b\.?
    |(?<=\d)(?:st|nd|rd|th|am|pm|h|m|hrs?)\b|\d+|[^\w\s]
    """,
    re.IGNORECASE | re.VERBOSE,
)
MOMENT_SIGN = re.compile(r"\d|\b(?:just now|yesterday|today|ago)\b", re.IGNORECASE)
MOMENT_STRONG = re.compile(
    r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)|\b(?:ago|min|minutes?|hours?|read|published|updated|posted|modified|just now|yesterday|today)\b|\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}|\d{1,2}[:.]\d{2}|\d\s?[ap]\.?m\b|\b(?:19|20)\d\d\b",
    re.IGNORECASE,
)
SECTIONS = {
    "news", "world", "world news", "politics", "business", "economy", "finance", "markets", "money", "sport", "sports", "opinion", "comment",
    "analysis", "culture", "arts", "entertainment", "lifestyle", "life", "style", "fashion", "travel", "food", "health", "science", "technology",
    "tech", "environment", "climate", "education", "society", "law", "crime", "local", "regional", "national", "international", "uk", "us", "u.s.",
    "usa", "europe", "asia", "africa", "middle east", "americas", "china", "india", "australia", "media", "books", "film", "music", "tv", "tv & radio",
    "football", "cricket", "rugby", "tennis", "features", "feature", "editorial", "letters", "obituaries", "weather", "video", "videos", "photos",
    "pictures", "explainer", "exclusive", "breaking", "breaking news", "latest", "latest news", "top stories", "home", "us politics", "uk politics", "uk news", "us news",
    "elections", "election", "cars", "property", "jobs", "science & environment", "columns", "column", "review", "reviews", "interview", "profile", "special report", "long read", "live",
}  # fmt: skip


def is_share_line(line: str) -> bool:
    """Buttons and labels: "Share this article", "Advertisement", "12 Comments"."""
    if len(line) > 60 or SENTENCE_END.search(line.rstrip("…. ")):
        return False
    words = [word.casefold().rstrip(".") for word in WORD.findall(line)]
    if not 0 < len(words) <= 7 or (line.endswith(".") and len(words) > 2):
        return False
    return any(word in SHARE_STRONG for word in words) and all(
        word in SHARE_STRONG or word in SHARE_WEAK for word in words
    )


def is_promotion(line: str) -> bool:
    """Lines that lead elsewhere: "Read more: …", "Sign up for our newsletter", "Follow us on …"."""
    if len(line) > 220:
        return False
    ends = SENTENCE_END.search(line)
    if PROMOTION_LABEL.search(line):
        return not ends or line.endswith("?") or len(line) < 120
    if LEGAL.search(line):
        return True
    if not ends and PROMOTION_BARE.search(line):
        return True
    return bool(PROMOTION_CALL.search(line) and PROMOTION_OBJECT.search(line) and not ends)


def is_moment(line: str) -> bool:
    """Times and reading times: "Updated 3 hours ago", "19 November 2019 • 5:44pm", "4 min read"."""
    if len(line) > 120 or not MOMENT_SIGN.search(line) or not MOMENT_STRONG.search(line):
        return False
    return not MOMENT_WORD.sub("", line).strip()


def is_caption(line: str) -> bool:
    """A picture's text that closes with a credit, or a credit alone."""
    return len(line) <= 600 and bool(CREDIT.search(line))


def is_caption_opening(line: str) -> bool:
    """A line that begins as only captions begin; says nothing about how it ends."""
    return bool(CAPTION_OPENING.search(line))


def ends_like_sentence(line: str) -> bool:
    """True where the line closes with sentence punctuation, quotation marks aside."""
    return bool(SENTENCE_END.search(line))


def is_section(line: str) -> bool:
    """A section's name alone: "Politics", "World | Europe"."""
    parts = [part.strip() for part in re.split(r"[|/›»>•·]", line.casefold()) if part.strip()]
    return bool(parts) and all(part in SECTIONS for part in parts)
