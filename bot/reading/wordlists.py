"""Word lists for telling an article from what surrounds it; entries are folded for case."""

from __future__ import annotations


def ordered(text: str) -> tuple[str, ...]:
    """Words parted by white space, in their order."""
    return tuple(text.split())


def _listed(text: str) -> frozenset[str]:
    return frozenset(" ".join(entry.split()) for entry in text.split(";"))


# Words that make a short line a button or a label.
SHARE_STRONG = _listed("""
    ad; ads; advert; advertisement; advertisements; advertising; app; autoplay; bluesky; bookmark; breaking; close;
    collapse; comment; comments; continue; continues; cookies; copied; copy; corrections; donate; download; e-mail;
    email; enlarge; expand; facebook; favorite; favorites; favourite; favourites; feedback; flipboard; follow;
    following; fullscreen; gallery; gift; home; instagram; like; likes; linkedin; listen; live; loading; log; login;
    mastodon; menu; messenger; mute; newsletter; newsletters; next; notifications; pinterest; play; pocket; popular;
    previous; print; promoted; read; read-more; recommended; reddit; register; related; reply; report; retweet; rss;
    save; scroll; search; share; shares; show; sign; skip; sms; snapchat; sponsored; subscribe; subscribed; tags;
    telegram; threads; tiktok; top; topics; transcript; trending; tumblr; tweet; twitter; unmute; updates; view;
    views; whatsapp; x; youtube
""")

# Words that go with those, and alone make none.
SHARE_WEAK = _listed("""
    a; above; account; add; after; alerts; all; also; an; and; are; article; articles; audio; back; be; been; below;
    button; by; click; clipboard; content; continue; conversation; copied; discussion; down; edition; editor's;
    editors; editors’; editor’s; first; font; for; free; friend; friends; from; get; has; here; hide; image; images;
    in; is; it; join; later; latest; leave; less; link; list; main; may; me; might; minutes; more; most; my;
    navigation; news; no; now; of; on; online; option; options; or; our; out; page; photo; photos; picks; please;
    post; posts; reading; saved; scroll; section; sections; see; send; shared; site; size; slideshow; start; stop;
    stories; story; story.; tap; text; that; the; this; to; today; toggle; topic; up; url; us; via; video; videos;
    view; viewed; views; wait; watched; website; with; write; you; your
""")

# Sections of a paper, standing over a headline.
SECTIONS = _listed("""
    africa; americas; analysis; arts; asia; australia; books; breaking; breaking news; business; cars; china;
    climate; column; columns; comment; cricket; crime; culture; economy; editorial; education; election; elections;
    entertainment; environment; europe; exclusive; explainer; fashion; feature; features; film; finance; food;
    football; health; home; india; international; interview; jobs; latest; latest news; law; letters; life;
    lifestyle; live; local; long read; markets; media; middle east; money; music; national; news; obituaries;
    opinion; photos; pictures; politics; profile; property; regional; review; reviews; rugby; science; science &
    environment; society; special report; sport; sports; style; tech; technology; tennis; top stories; travel; tv;
    tv & radio; u.s.; uk; uk news; uk politics; us; us news; us politics; usa; video; videos; weather; world; world
    news
""")

# Small words inside names.
PARTICLES = _listed("""
    af; al; ap; av; bin; bint; binti; da; das; de; degli; del; della; dello; den; der; des; di; do; dos; du; e; el;
    het; i; ibn; la; le; mac; mc; ni; nic; of; st; st.; ten; ter; the; und; van; vom; von; wa; y; zu; zum; zur
""")

# Capitalised words after "By" that are no names.
CALENDAR = _listed("""
    april; august; christmas; comparison; contrast; december; default; easter; email; far; february; friday;
    january; july; june; law; march; may; midnight; monday; noon; november; now; october; phone; saturday;
    september; sunday; then; thursday; today; tomorrow; tuesday; wednesday
""")

# Publishers whose names do not say that they are one.
KNOWN_OUTLETS = _listed("""
    abc; abc news; abc.es; afp; aftenposten; aftonbladet; agence france-presse; al arabiya; al jazeera; al jazeera
    english; al-monitor; ansa; ap; ap news; arab news; ars technica; asahi shimbun; associated press; axios;
    barron's; bbc; bbc news; bbc sport; berlingske; bild; bleacher report; bloomberg; breitbart; business insider;
    buzzfeed; buzzfeed news; caixin; cbs; cbs news; clarín; cnbc; cnet; cnn; cnn politics; corriere della sera;
    crikey; dagens nyheter; daily beast; daily maverick; dawn; de morgen; de standaard; de telegraaf; de volkskrant;
    deadline; der spiegel; der standard; deutsche welle; die presse; die welt; die zeit; dpa; drudge report; dw;
    economist; efe; el mundo; el pais; el país; engadget; espn; esquire; estadão; euronews; expressen; expresso;
    faz; financial times; folha de s.paulo; forbes; fortune; fox; fox news; france 24; ft; gizmodo; gq; gulf news;
    haaretz; helsingin sanomat; huffington post; huffpost; il sole 24 ore; insider; interfax; itv; itv news;
    jyllands-posten; kyodo; la nación; la repubblica; la stampa; la vanguardia; le figaro; le monde; le parisien; le
    soir; les echos; libération; mainichi; marketwatch; mashable; mediapart; metro; metro.co.uk; mint; mother jones;
    msn; msnbc; national geographic; nature; nbc; nbc news; ndtv; new scientist; new yorker; newsweek; nikkei;
    nikkei asia; npr; nrc; nrk; nzz; o globo; ouest-france; pbs; politico; politico europe; politiken; propublica;
    público; quartz; radio free europe; rappler; reuters; rfe/rl; rfi; roll call; rolling stone; rt; rte; rté;
    salon; science; scientific american; scmp; scroll.in; sky news; slate; south china morning post; spiegel; stat;
    stuff; svenska dagbladet; swissinfo; süddeutsche zeitung; tages-anzeiger; tass; taz; techcrunch; the athletic;
    the atlantic; the conversation; the daily beast; the economist; the hill; the huffington post; the intercept;
    the national; the new yorker; the print; the verge; the west australian; the wire; time; townhall; trouw; upi;
    usa today; vanity fair; variety; verge; vg; vice; voa; vogue; voice of america; vox; welt; wired; xinhua; yahoo;
    yahoo news; yle; ynet; yonhap; zdnet
""")

# A time line says nothing but when; these words and numbers are all it may hold.
MOMENT_UNITS = _listed("""
    min; mins; minute; minutes; hr; hrs; hour; hours; sec; secs; second; seconds; day; days; week; weeks; month;
    months; year; years;
    minuto; minutos; minuti; minuten; minutes; ago; read; uhr; std; stunden; heures; horas; ore; am; pm
""")
MOMENTS_ALONE = _listed("yesterday; ago; hier; gestern; ayer; ontem; ieri")
MOMENT_WORDS = (
    MOMENT_UNITS
    | MOMENTS_ALONE
    | _listed("""
    published; posted; updated; last; modified; edited; created; first; originally; date; time; on; at; by; as; of;
    from; the; and; to; since;
    in; issued; added; revised; filed; released; uploaded; corrected; just; now; today; reading; listen; watch; a;
    an; m; p; h; d; s; z; st; nd; rd;
    th; noon; midnight; local; est; edt; et; cst; cdt; ct; mst; mdt; pst; pdt; pt; gmt; utc; bst; ist; cet; cest;
    aest; aedt; sgt; hkt; jst; wat;
    eat; sast; mon; monday; tue; tues; tuesday; wed; wednesday; thu; thur; thurs; thursday; fri; friday; sat;
    saturday; sun; sunday;
    tempo; temps; tiempo; de; leitura; lectura; lecture; lesezeit; lesedauer; leestijd; lettura; publicado;
    publicada; atualizado; atualizada;
    actualizado; actualizada; em; el; às; as; las; la; publié; publiée; mis; mise; à; jour; le; pubblicato;
    aggiornato; alle; ore; il; veröffentlicht;
    aktualisiert; stand; am; um; gepubliceerd; op; om; feira; segunda; terça; quarta; quinta; sexta; sábado;
    domingo; lunes; martes; miércoles;
    jueves; viernes; lundi; mardi; mercredi; jeudi; vendredi; samedi; dimanche; montag; dienstag; mittwoch;
    donnerstag; freitag; samstag; sonntag;
    lunedì; martedì; mercoledì; giovedì; venerdì; sabato; domenica
""")
)
