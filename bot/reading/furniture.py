"""What a page carries beside its article, told by the shape of one line: share lines, promotion, credits, times.

Every rule looks for a whole line of a kind. A sentence that merely begins like one ("Share prices fell …") is none.
"""

from __future__ import annotations

import re

from bot.reading.dates import MONTHS
from bot.reading.wordlists import (
    MOMENT_UNITS,
    MOMENT_WORDS,
    MOMENTS_ALONE,
    SECTIONS,
    SHARE_STRONG,
    SHARE_WEAK,
)

AGENCIES = (
    r"reuters|afp|ap|epa(?:-efe)?|efe|pa(?: wire| media| images)?|upi|dpa|ansa|apa|keystone|tass|ria novosti"
    r"|sputnik|xinhua|anadolu"
    r"|ptix?|ani|kyodo|jiji|yonhap|bloomberg|getty(?: images)?|(?:afp|afp via)[ /-]getty(?: images)?"
    r"|alamy(?: stock photo)?"
    r"|shutterstock|istock(?:photo)?|rex(?: features)?|nurphoto|zuma(?: press)?|sipa(?: usa| press)?"
    r"|imago(?: images)?|picture alliance"
    r"|associated press|agence france-presse|press association|the canadian press|cp|aap|belga|tt|ntb|scanpix|ritzau"
    r"|wikimedia(?: commons)?|flickr|unsplash|pexels|pixabay|adobe stock|depositphotos|dreamstime|swns|handout"
    r"|file|ap photo"
    r"|nasa|hulton archive|corbis|magnum|polaris|redux|eyevine|contour|wireimage|filmmagic|splash(?: news)?"
    r"|backgrid|mega"
    r"|icon sportswire|usa today(?: sports| network)?|imagn(?: images)?|cnbc|cnn|nbc|abc|cbs|fox news"
)
CREDIT_WORD = (
    r"(?:file )?(?:photo(?:graph)?(?:s|er|graphs)?|image|picture|pic|illustration|graphic|artwork|video|credit"
    r"|image credit|photo credit"
    r"|picture credit|photo illustration|composite|source|image source|copyright|courtesy|handout|foto|fotos"
    r"|bild|crédit photo)"
)
CREDIT_TITLE = (
    r"(?:(?:File |FILE )?(?:Photo(?:graph)?s?|PHOTOS?|Image|IMAGE|Picture|PICTURE|Pic|PIC|Illustration|Graphic"
    r"|Video|Credit|CREDIT|Composite|Source|SOURCE|Copyright"
    r"|Courtesy|COURTESY|Handout|HANDOUT|Foto|Fotos|FOTO|Bild|Crédit photo)(?: (?:credit|courtesy|illustration"
    r"|Credit|CREDIT))?)"
)
NAME_WORD = r"[A-ZÀ-ÖØ-ÞŁŠŽĐĆČ\u3040-\u9fff\uac00-\ud7af][\w.'’À-ÿ-]*"
PARTICLE = r"d[aeiou]s?|del|della|van|von|der|den|ten|bin|bint|ibn|al|el|la|le|y|e|wa|ó|ni|nic"
NAME = rf"{NAME_WORD}(?:[ -](?:{NAME_WORD}|{PARTICLE}))*"
DATE_TAIL = r"(?:,? (?:file(?: photo)?|archive|via [\w ]+|\d{4}))?"

# A credit that closes a caption, or is a line of its own. Names hold initials, so their full stops end no sentence.
CREDITED = r"(?:[^.!?\n]|(?<=\b[A-Z])\.|(?<=\b(?:St|Jr|Sr|Dr))\.|\.(?=\w))"
CREDIT = re.compile(
    "|".join(
        (
            (
                rf"(?:^|(?<=[\s(\[|–—•·/-]))(?:{CREDIT_TITLE})(?: by| courtesy(?: of)?| from)?\s?(?:[:|/©–—-]"
                rf"|(?<= by)|(?<= of)|\bby\b|\bcourtesy\b)\s*{CREDITED}{{2,80}}$"
            ),
            rf"[(\[]\s*(?i:(?:{CREDIT_WORD})(?: by| courtesy of| from)?[: ])[^()\[\]]{{2,80}}[)\]]\.?$",
            rf"(?:©|\(c\)|\(C\)|Copyright ©?)\s*(?:\d{{4}}\s*)?{CREDITED}{{2,60}}[)]?$",
            rf"[(\[]\s*(?i:{AGENCIES})\s*[)\]]$",
            (
                rf"(?:(?<=[.|–—•·(\[-] )|(?<=[(\[])|^)(?:{NAME}\s?[/|]\s?(?i:{AGENCIES})|(?i:{AGENCIES})\s?[/"
                rf"|]\s?{NAME})(?:\s?[/|]\s?{NAME})?{DATE_TAIL}[)\]]?$"
            ),
            (
                rf"\b(?:AP Photo|REUTERS|AFP|EPA|Getty Images|GETTY IMAGES|PA Wire|PA|AP)\s?[/|]\s?{NAME}(?:\s?[/"
                rf"|]\s?{NAME})?{DATE_TAIL}[)\]]?$"
            ),
            (
                rf"{NAME}\s?[/|]\s?(?:AP|AFP|EPA|PA|UPI|Reuters|REUTERS|Getty|Alamy|Bloomberg|Shutterstock|Xinhua"
                rf"|Anadolu)\b[\w /|]*{DATE_TAIL}[)\]]?$"
            ),
            rf"\b[A-Z]{{2,6}}(?:-[A-Z]{{2,5}})?\s?/\s?{NAME}{DATE_TAIL}[)\]]?$",
            rf"[(\[]{NAME}\s?[/|]\s?{NAME}(?<!\.)[)\]]$",
            (
                r"(?i:\b(?:getty images|alamy stock photo|shutterstock|istockphoto|via (?:ap|afp|reuters"
                r"|getty(?: images)?)))[)\]]?$"
            ),
            r"(?i:^(?:image|picture) (?:source|caption|copyright)\b[,:]?.*$)",
        )
    )
)
CAPTION_OPENING = re.compile(
    r"^(?:a |an )?(?:(?:undated )?(?:file|handout|stock|archive|undated|aerial|combination"
    r"|representational)[ -](?:photo|image|picture|photograph|pic|view)"
    r"|pictured|in this (?:\w+ \d+, \d{4},? )?(?:file )?(?:photo|image|picture)|(?:photo|image|picture|caption"
    r"|photos|foto)\s?:"
    r"|an? (?:aerial |satellite |general )?(?:view|image|picture|photo|photograph) (?:of|shows|taken)"
    r"|(?:from )?left to right|clockwise from)\b",
    re.IGNORECASE,
)

WORD = re.compile(r"[^\W\d_](?:[\w'’.-]*[\w])?")

PROMOTION_LABEL = re.compile(
    r"^[^\w“‘«„\"']*(?:read(?: more| also| next| on| the full story| our)?|also read|more|see(?: also| more)?"
    r"|related(?: (?:stories|story|articles?|content|news|topics|links|coverage|reading))?"
    r"|don['’]?t miss(?: this)?|watch(?: also| more| live| now)?|listen(?: to)?|in (?:pictures|photos|video"
    r"|depth)|live(?: updates| blog)?|explained|explainer|analysis|opinion"
    r"|video|gallery|photos|podcast|quiz|poll|trending(?: now)?|recommended(?: for you)?"
    r"|editor['’]?s['’]? picks?|must[ -]read|more (?:from|on|about|in) [^:]{2,40}|you (?:may"
    r"|might) (?:also )?like"
    r"|what to read next|further reading|background|key (?:points|takeaways)|top stor(?:y|ies)"
    r"|breaking(?: news)?|exclusive|subscribe|sign up|follow us|click here|join|download|up next|most read"
    r"|fact check"
    r"|sponsored|promoted|advertisement|newsletter|get the app|lesen sie(?: auch)?|mehr zum thema|lire aussi"
    r"|à lire aussi|lea también|leia também|leggi anche)\s?(?::|[|»›→>]|\s[–—-]\s)\s*\S",
    re.IGNORECASE,
)
PROMOTION_FIRM = re.compile(
    r"^[^\w“‘«„\"']*(?:read (?:more|also|next)|also read|see also|related(?: \w+)?|don['’]?t miss|watch(?: also| more"
    r"| now)?|more (?:from|on) [^:]{2,40}|sign up|subscribe|click here)\s?:",
    re.IGNORECASE,
)
PROMOTION_CALL = re.compile(
    r"^[^\w“‘«„\"']*(?:please |now |or |and )?(?:read (?:more|also|next)|sign(?: up|-up| in)|subscribe|follow|like|join"
    r"|download|click|tap|get|register|log in|keep up|stay|listen|watch|tune|support|donate|become"
    r"|have your say"
    r"|tell us|let us know|send us|contact|visit|check out|find us|want|enjoy(?:ed|ing)?|don['’]?t miss"
    r"|never miss|receive|share your|connect with|email us|start your|try|unlock|discover|this (?:article"
    r"|story) (?:is|was|has been|originally)|view|see|more (?:on|about|from)|for more)\b",
    re.IGNORECASE,
)
PROMOTION_OBJECT = re.compile(
    r"@\w|\b(?:newsletters?|e-?mails?|inbox|app|apps|alerts?|notifications?|twitter|facebook|instagram|whatsapp"
    r"|telegram|youtube|tiktok|linkedin|podcasts?|subscri\w+|unlimited access|membership|free trial"
    r"|comments?|conversation|discussion|channel|google news|apple news|journalism|here|below|updates"
    r"|breaking news|more stories|our (?:site|website|page|coverage|team|guide)|rss|feed|live blog|read more)\b",
    re.IGNORECASE,
)
PROMOTION_BARE = re.compile(
    r"^[^\w“‘«„\"']*(?:read (?:more|also|next)|related|see also|also read|don['’]?t miss|more (?:from|on|about)\b"
    r"|sign up (?:for|to)|subscribe (?:to|for|now|today)|follow (?:us|me|@))",
    re.IGNORECASE,
)
LEGAL = re.compile(
    r"^[^\w“‘«„\"']*(?:©|copyright\b|\(c\) ?\d{4}|all rights reserved|our standards:|terms (?:of use|and conditions)"
    r"|privacy policy"
    r"|cookie (?:policy|settings)|advertise with us|(?:this|your) \w+ (?:requires?|does not support|needs) javascript"
    r"|please enable javascript|(?:filed under|posted in|tags?|tagged|categories|topics|in this article|keywords)\s?:)",
    re.IGNORECASE,
)
# An appeal to the reader, whatever mark it ends with.
APPEAL = re.compile(
    r"^[^\w“‘«„\"']*(?:(?:please |so )?(?:follow|like|join|find|subscribe|sign up|get|share|tweet|send|email"
    r"|contact|tell"
    r"|let|download|click|register|support|visit|check out|watch|listen)\b.{0,120}"
    r"\b(?:newsletters?|inbox|on (?:facebook|twitter|instagram|x|youtube|whatsapp|telegram|linkedin|tiktok"
    r"|snapchat|google news|flipboard)|@\w+|our app|your friends|with a friend|what you think|stay smart)\b"
    r"|(?:like|love|enjoy(?:ed|ing)?|liked) (?:this|what you)\b.{0,40}\?|(?:do you )?have a (?:tip|story"
    r"|question)\b.{0,60}\?|got a (?:tip|story)\b.{0,40}\?|want (?:more|to read)\b.{0,80}\?"
    r"|subscribe to\b|get .{3,80} delivered\b|tell us what you think|what do you think\?"
    r"|let us know (?:in the comments|what you think)"
    r"|(?:we|we['’]d|we would) (?:want|like|love) to hear (?:what|from)|.{0,200}\bletters? to the editor\b"
    r"|\[\w+ [^\]]*=[^\]]*\])",
    re.IGNORECASE,
)
ELLIPSIS = re.compile(r"\s*(?:\.{3}|…)\s*$")
SENTENCE_END = re.compile(r"[.!?…][\"”’'»)\]]*$")
MOMENT_TOKEN = re.compile(r"[^\W\d_]+|\d+")
MOMENT_STRONG = re.compile(
    r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}|\d{1,2}[:.h]\d{2}|\d\s?[ap]\.?m\b|\b(?:19|20)\d\d\b", re.IGNORECASE
)


LONGEST_BUTTON, MOST_BUTTON_WORDS = 60, 7
LONGEST_APPEAL, LONGEST_PROMOTION, LONGEST_MOMENT, LONGEST_CAPTION = 320, 220, 120, 600


def is_share_line(line: str) -> bool:
    """Buttons and labels: "Share this article", "Advertisement", "12 Comments"."""
    line = ELLIPSIS.sub("", line)
    if len(line) > LONGEST_BUTTON or SENTENCE_END.search(line):
        return False
    words = [word.casefold().rstrip(".") for word in WORD.findall(line)]
    if not 0 < len(words) <= MOST_BUTTON_WORDS:
        return False
    return any(word in SHARE_STRONG for word in words) and all(
        word in SHARE_STRONG or word in SHARE_WEAK for word in words
    )


def is_promotion(line: str, *, is_page: bool = False) -> bool:
    """Lines that lead elsewhere: "Read more: …", "Sign up for our newsletter", "Follow us on …".

    A whole sentence that appeals to the reader counts on a web page only: in pasted text the person who chose what to
    copy wanted it.
    """
    if len(line) > (LONGEST_APPEAL if is_page else LONGEST_PROMOTION):
        return False
    ends = SENTENCE_END.search(line)
    if (is_page or not ends) and (LEGAL.search(line) or APPEAL.search(line)):
        return True
    if PROMOTION_LABEL.search(line):
        return not ends or line.endswith("?") or bool(PROMOTION_FIRM.search(line))
    if not ends and PROMOTION_BARE.search(line):
        return True
    return bool(PROMOTION_CALL.search(line) and PROMOTION_OBJECT.search(line) and not ends)


def is_moment(line: str) -> bool:
    """Times and reading times: "Updated 3 hours ago", "19 November 2019 • 5:44pm", "4 min read"."""
    if len(line) > LONGEST_MOMENT or ends_like_word(line):
        return False
    tokens = MOMENT_TOKEN.findall(line.casefold())
    if not all(token.isdigit() or token in MONTHS or token in MOMENT_WORDS for token in tokens):
        return False
    if any(token in MOMENTS_ALONE for token in tokens):
        return True
    has_number = any(token.isdigit() for token in tokens)
    return has_number and bool(MOMENT_STRONG.search(line) or any(t in MONTHS or t in MOMENT_UNITS for t in tokens))


def ends_like_word(line: str) -> bool:
    """True for a sentence of one word ("Yesterday."): a full stop after a word that no abbreviation ends in."""
    return bool(re.search(r"[^\W\d_]{5,}[.!?…][\"”’'»)\]]*$", line))


def is_caption(line: str) -> bool:
    """A picture's text that closes with a credit, or a credit alone."""
    return len(line) <= LONGEST_CAPTION and bool(CREDIT.search(line))


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
