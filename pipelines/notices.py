"""Notices: what pages say that stand in an article's place, in the languages of the web's larger half.

Phrases as sites and the common frameworks print them, lower case. A phrase alone decides nothing: articles are written about all
of these things. It must fill the heading of a short page, or most of its text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Notice(StrEnum):
    MISSING = "missing"
    CAPTCHA = "captcha"
    CONSENT = "consent"
    LOGIN = "login"
    MAINTENANCE = "maintenance"
    ERROR = "error"
    SHELL = "shell"
    REGION = "region"
    PARKED = "parked"


PHRASES: Final[dict[Notice, str]] = {
    Notice.MISSING: r"""
        page (?:was |could )?not (?:be )?found|page (?:you (?:are|were) looking for|you requested)|page can't be found|page (?:doesn't|does not) exist|
        not found|nothing (?:was )?found|no longer (?:available|exists)|error 404|404 error|^404$|erreur 404|fehler 404|erro 404|ошибка 404|
        (?:has |have |been |was )(?:moved,? |renamed,? |expired,? |or )*(?:deleted|removed) from (?:our|this|the) (?:web)?site|
        seite (?:wurde |konnte )?(?:leider )?nicht gefunden|seite (?:existiert|ist) nicht(?: mehr)?|gewünschte seite|
        page introuvable|page (?:que vous (?:re)?cherchez|demandée)|n'existe (?:pas|plus)|
        p[áa]gina no (?:encontrada|existe)|no se (?:ha )?encontr(?:ado|ó) la p[áa]gina|p[áa]gina que (?:busca|est[áa]s? buscando)|
        p[áa]gina n[ãa]o (?:foi )?encontrada|p[áa]gina que voc[êe] (?:procura|est[áa] procurando)|
        pagina non (?:è stata )?trovata|pagina che (?:stai cercando|cerchi)|pagina niet gevonden|pagina (?:nu a fost|negăsită)|
        sidan (?:kunde inte hittas|hittades inte|finns inte)|siden (?:blev ikke fundet|findes ikke|finnes ikke|ble ikke funnet)|sivua ei löyt|
        страница не (?:найдена|существует)|запрашиваем\w+ (?:вами )?страниц|сторінк\w+ не (?:знайдено|існує)|страницата не (?:е намерена|съществува)|
        nie znaleziono strony|strona nie (?:została znaleziona|istnieje)|strona, której szukasz|stránka (?:nebyla nalezena|neexistuje|sa nenašla)|
        sayfa bulunamadı|aradığınız sayfa|az oldal nem található|η σελίδα δεν (?:βρέθηκε|υπάρχει)|halaman tidak ditemukan|không tìm thấy trang|ไม่พบหน้า|
        الصفحة (?:غير موجودة|المطلوبة|التي تبحث)|صفحه (?:مورد نظر|یافت نشد)|הדף (?:לא נמצא|המבוקש)|पृष्ठ नहीं मिला|पेज नहीं मिला|
        页面不存在|页面(?:未|没有)找到|找不到(?:该|您)?(?:要)?(?:访问)?的?(?:页面|網頁|頁面)|頁面不存在|访问的页面|ページ(?:が|は)見つかりません|お探しのページ|
        페이지를 찾을 수 없|존재하지 않는 페이지
    """,
    Notice.CAPTCHA: r"""
        just a moment|verify(?:ing)? (?:that )?you are (?:a )?human|(?:are|you're|you are) (?:not )?a robot|checking your browser|robot check|captcha|
        security of your connection|unusual traffic|automated (?:access|requests|queries)|pardon our interruption|human verification|security check|
        access (?:to this page )?(?:has been )?denied|don't have permission to access|you have been blocked|request (?:was )?blocked|403 forbidden|
        disable any ad ?blocker|bist du ein mensch|sind sie ein mensch|kein roboter|n'êtes pas un robot|no eres un robot|não é um robô|non sei un robot|
        не робот|подтвердите, что|запросы .{0,40}автоматическ|robot olmadığınızı|nie jesteś robotem|人机验证|安全验证|ロボットではありません|로봇이 아닙니다
    """,
    Notice.CONSENT: r"""
        value your privacy|before you continue|(?:we|us) and our (?:\d+ |third.party )?partners|accept (?:all|or reject|cookies)|use of cookies|uses cookies|
        use cookies|consent to (?:our|the) (?:processing|use)|withdraw (?:your )?consent|manage (?:your )?(?:choices|options|preferences|cookies)|your choices are kept|personal data|
        precise geolocation|cookie (?:policy|settings|preferences)|cookies und|setzen cookies|datenschutzerklärung|ihre zustimmung|weiterlesen mit werbung|
        personenbezogene daten|(?:unsere|und) (?:\d+ )?partner|widerruf|avec votre accord|nos partenaires|préférences en matière de cookies|
        retirer votre consentement|utilis\w+ des cookies|données personnelles|nuestros (?:\d+ )?socios|utilizamos cookies|datos personales|tu consentimiento|
        nossos parceiros|usamos cookies|dados pessoais|i nostri (?:\d+ )?partner|utilizziamo (?:i )?cookie|dati personali|onze partners|toestemming|
        pliki? cookie|nasi partnerzy|файлы cookie|персональных данных|çerez
    """,
    Notice.LOGIN: r"""
        log ?in to (?:your|continue|read)|sign ?in to (?:your|continue|read)|please (?:log|sign) ?in|(?:register|sign up) (?:now )?(?:for free|to continue)|
        email address and password|don't have an account|forgot (?:your )?password|create an account|melden sie sich|bitte anmelden|passwort vergessen|
        noch kein konto|jetzt registrieren|connectez-vous|se connecter|mot de passe|inicia(?:r)? sesión|tu contraseña|no tienes cuenta|regístrate|
        faça login|sua senha|accedi per|la tua password|войдите|авторизац|забыли пароль|zaloguj się|giriş yap|登录|ログイン|로그인|تسجيل الدخول
    """,
    Notice.MAINTENANCE: r"""
        (?:under|for|performing|scheduled|due to|site|some) maintenance|^maintenance$|be back (?:soon|shortly|online)|back online|temporarily (?:unavailable|down|offline|unable)|
        service (?:is )?(?:temporarily )?unavailable|wartungsarbeiten|wartungsmodus|in kürze wieder|derzeit nicht erreichbar|en maintenance|
        momentanément indisponible|en mantenimiento|volveremos pronto|em manutenção|in manutenzione|техническ\w+ (?:работ|обслуживан)|bakım çalışma|
        prace (?:techniczne|konserwacyjne)|onderhoud|メンテナンス(?:中|のため)|系统维护|점검 중
    """,
    Notice.ERROR: r"""
        internal server error|something went wrong|an error (?:has )?occurred|(?:having )?trouble loading this page|try again later|bad gateway|gateway time-?out|
        team has been notified|error establishing a database connection|application error|^error$|es ist ein fehler aufgetreten|une erreur (?:est|s'est)|
        ha ocurrido un error|se ha producido un error|ocorreu um erro|si è verificato un errore|произошла ошибка|wystąpił błąd|bir hata oluştu|
        being redirected|redirecting
    """,
    Notice.SHELL: r"""
        (?:enable|requires?|turn on|without|needs?) java ?script|java ?script (?:is|seems to be) (?:disabled|required|not enabled|turned off)|
        enable js\b|browser (?:is not supported|does not support)|java ?script (?:aktivieren|ist deaktiviert)|aktivieren sie java ?script|activer java ?script|
        java ?script est désactivé|(?:active|habilite|habilita|activa|ative|abilita|abilitare) (?:el |o )?java ?script|включите java ?script|włącz java ?script|
        javascript'?i etkinleştir|启用 ?javascript|javascriptを有効
    """,
    Notice.REGION: r"""
        legal reasons|(?:from|in) a country belonging|general data protection regulation|not available in your (?:country|region|location)|
        18 years (?:of age )?or older|confirm your (?:age|date of birth)|age verification|in ihrem land nicht|n'est pas disponible dans votre pays|
        no está disponible en (?:su|tu) país|недоступ\w+ в вашей стране
    """,
    # Domains that are for sale or have run out, and what a server shows before anything is put on it.
    Notice.PARKED: r"""
        (?:domain|website|site|address)(?: name)?(?: is| may be| might be)?(?: now| currently)? for sale|buy this (?:domain|website)|this domain (?:has |name )?(?:has )?(?:expired|been registered|is parked)|
        domain (?:is |has been )?parked|parked (?:free|domain|by)|(?:is|was) registered (?:at|by|with) .{1,40}, but (?:the owner )?has not|sponsored listings|inquire about this domain|domain owner|
        account (?:has been )?suspended|welcome to nginx|(?:apache2?|nginx|iis|test|default) .{0,20}(?:default|test|web) page|^it works!?$|default (?:web|server) ?(?:site |server )?page|
        web server is (?:successfully )?(?:installed|working|running)|^index of /|domain (?:steht |ist )?(?:zu verkaufen|zum verkauf)|diese domain (?:ist|steht|wurde|können)|
        (?:domaine est|nom de domaine) (?:à vendre|en vente)|dominio (?:está |est[áa] )?(?:en|à) venta?|domínio (?:está )?à venda|dominio è in vendita|domein(?:naam)? (?:is )?te koop|
        домен (?:продается|продаётся|припаркован|зарегистрирован)|domena (?:jest )?na sprzedaż|域名(?:正在)?出售|此域名|このドメイン(?:名)?は|도메인 판매
    """,
}  # fmt: skip
# What a wall says below the lines that it lets through: nothing but money or a name leads on.
_GATE: Final = r"""
    (?:to|and) (?:continue|keep|finish) reading|subscribe (?:now )?to (?:read|continue|unlock|access)|unlock (?:this|the (?:full|rest))|read the (?:full|rest of (?:the|this)) (?:article|story)|
    (?:article|content|story|text) is (?:only |exclusively )?(?:available |reserved )?(?:for|to) (?:our |paying |registered )?(?:subscribers|members)|for subscribers only|subscribers? only|
    remaining free articles|reached your (?:article )?limit|réservée? (?:à nos |aux )abonné|il vous reste .{1,20} (?:de cet article )?à (?:lire|découvrir)|la suite est réservée|
    pour lire la suite|(?:nur|exklusiv) für (?:unsere )?abonnent|jetzt weiterlesen|mit .{1,20}(?:plus|\+) weiterlesen|um weiterzulesen|(?:solo|exclusiv\w+) para (?:nuestros )?suscriptores|
    para (?:seguir|continuar) leyendo|(?:exclusivo|apenas) para (?:nossos )?assinantes|para continuar lendo|riservat\w (?:ai nostri |agli )abbonati|per continuare a leggere|
    alleen voor abonnees|verder lezen|(?:kun|bare) for abonnenter|endast för prenumeranter|vain tilaajille|только (?:для|по) (?:подписчик|подписке)|чтобы (?:читать|прочитать) дальше|
    (?:tylko )?dla (?:naszych )?(?:prenumeratorów|subskrybentów)|aby czytać dalej|okumaya devam|sadece aboneler|会員限定|有料会員|続きを読むには|订阅后|付费阅读|구독자 전용|للمشتركين فقط
"""
_GATE_PATTERN: Final = re.compile(re.sub(r"\s*\n\s*", "", _GATE.strip()))
_COMPILED: Final = {notice: re.compile(re.sub(r"\s*\n\s*", "", source.strip()), re.M) for notice, source in PHRASES.items()}
_SENTENCE = re.compile(r"(?<=[.!?])\s+|(?<=[。！？])|\n")
_TITLE_PARTS = re.compile(r"\s+[-–—|:·»]\s+")
# A heading is a notice's where the phrase is at least this share of it.
HEADING_SHARE: Final = 0.4
# A text is a notice's where the sentences with its phrases are at least this share of it.
TEXT_SHARE: Final = 0.45
# The longest wall that was seen has 900 characters; the shortest articles about walls have more, or a date of their own.
MOST_CHARS: Final = 1_000
FEW_CHARS: Final = 450


@dataclass(frozen=True, slots=True)
class Found:
    """A notice with the words that say so; `in_text` where it fills the text, not the heading alone."""

    notice: Notice
    words: str
    in_text: bool


def notice_of(headings: Iterable[str], blocks: Sequence[str]) -> Found | None:
    """The notice that a short page is, or None. `blocks` are its texts; a long text is none, whatever it says."""
    text = _plain("\n".join(blocks))
    if len(text) > MOST_CHARS:
        return None
    sentences = [sentence for sentence in _SENTENCE.split(text) if sentence.strip()]
    in_text = [found for notice in Notice if (found := _in_text(notice, sentences, len(text)))]
    for part in (part for heading in headings for part in (heading, *_TITLE_PARTS.split(heading))):
        words = _plain(part)
        for notice, pattern in _COMPILED.items():
            named = pattern.search(words)
            if not named or len(named[0]) < HEADING_SHARE * len(words):
                continue
            fills_text = any(found.notice is notice for found in in_text)
            if len(text) < FEW_CHARS or fills_text or pattern.search(text):
                return Found(notice, named[0], fills_text)
    return in_text[0] if in_text else None


def is_gate(text: str) -> bool:
    """Whether a line asks for a subscription before the text goes on."""
    return _GATE_PATTERN.search(_plain(text)) is not None


def _in_text(notice: Notice, sentences: Sequence[str], chars: int) -> Found | None:
    hits = [(sentence, found[0]) for sentence in sentences if (found := _COMPILED[notice].search(sentence))]
    said = sum(len(sentence) for sentence, _ in hits)
    return Found(notice, hits[0][1], True) if hits and said >= TEXT_SHARE * chars else None


def _plain(text: str) -> str:
    return text.lower().replace("’", "'").replace("\xa0", " ").strip()
