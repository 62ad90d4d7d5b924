"""Pages that answer 200 in an article's place: what stands in front of it, what stands instead of it, and lists of others."""

from __future__ import annotations

from typing import Final

from tests.hostile.answers import sentences

NAV: Final = (
    "<nav><a href=/>Home</a> <a href=/world>World</a> <a href=/sport>Sport</a></nav>",
    "<footer>© 2026 The Daily Harbour. All rights reserved. <a href=/imprint>Imprint</a></footer>",
)


def plain(title: str, heading: str, *paragraphs: str, head: str = "", more: str = "", language: str = "en") -> str:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return (
        f"<!doctype html><html lang={language}><head><meta charset=utf-8><title>{title}</title>{head}</head><body>{NAV[0]}"
        f"<main><h1>{heading}</h1>{text}{more}</main>{NAV[1]}</body></html>"
    )


def declared(markup: str) -> str:
    """With what an article's own page declares, as where a wall is shown in its place."""
    return markup.replace(
        "</head>",
        '<meta property="og:type" content="article"><meta property="article:published_time" content="2026-11-20T09:30:00Z"></head>',
    )


MISSING: Final = {
    "en": plain(
        "Page not found - The Daily Harbour",
        "Page not found",
        "Sorry, the page you were looking for could not be found. It may have been moved, renamed or deleted.",
        "Try the search, or go back to our home page to read the latest news.",
    ),
    "en, a number": plain("404", "Oops! That page can’t be found.", "It looks like nothing was found at this location. Maybe try one of the links below or a search?"),
    "de": plain(
        "Seite nicht gefunden", "Fehler 404: Seite nicht gefunden",
        "Die von Ihnen gewünschte Seite konnte leider nicht gefunden werden. Möglicherweise wurde sie verschoben oder gelöscht.", language="de",
    ),
    "fr": plain(
        "Page introuvable", "Page introuvable",
        "La page que vous recherchez n’existe pas ou n’existe plus. Nous vous invitons à revenir à la page d’accueil du site.", language="fr",
    ),
    "es": plain(
        "Página no encontrada", "Página no encontrada",
        "Lo sentimos, la página que busca no existe o ha cambiado de dirección. Puede volver a la portada para seguir leyendo.", language="es",
    ),
    "pt": plain(
        "Página não encontrada", "Erro 404", "Desculpe, a página que você procura não foi encontrada ou não está mais disponível em nosso site.", language="pt",
    ),
    "it": plain("Pagina non trovata", "Pagina non trovata", "La pagina che stai cercando non esiste o è stata spostata. Torna alla home page per leggere le ultime notizie.", language="it"),
    "ru": plain("Страница не найдена", "Страница не найдена", "К сожалению, запрашиваемая вами страница не существует или была удалена. Перейдите на главную страницу сайта.", language="ru"),
    "pl": plain("Nie znaleziono strony", "Nie znaleziono strony", "Przepraszamy, strona, której szukasz, nie istnieje lub została przeniesiona. Przejdź na stronę główną serwisu.", language="pl"),
    "tr": plain("Sayfa bulunamadı", "Sayfa bulunamadı", "Aradığınız sayfa bulunamadı, kaldırılmış ya da adresi değiştirilmiş olabilir. Lütfen ana sayfaya dönerek tekrar deneyin.", language="tr"),
    "zh": plain("页面不存在", "很抱歉，您访问的页面不存在", "您要访问的页面可能已被删除、已更名或暂时不可用。请检查您输入的网址是否正确，或者返回首页继续浏览其他新闻内容。" * 2, language="zh"),
    "ja": plain("ページが見つかりません", "お探しのページは見つかりませんでした", "お探しのページは移動または削除された可能性があります。トップページから最新のニュースをご覧ください。" * 2, language="ja"),
    "ar": plain("الصفحة غير موجودة", "الصفحة غير موجودة", "عذرا، الصفحة التي تبحث عنها غير موجودة أو تم نقلها إلى عنوان آخر. يمكنك العودة إلى الصفحة الرئيسية لقراءة آخر الأخبار.", language="ar"),
    "en, a removed article": plain("Article unavailable", "This article is no longer available", "The article you requested has expired or was removed from our site. Please use the search to find related coverage."),
}  # fmt: skip
WALLS: Final = {
    "parked": plain(
        "harbour-daily.example is for sale", "harbour-daily.example",
        "This domain is for sale. Inquire about this domain by telephone, or by the form below, and an agent will call back.",
        "The sponsored listings displayed above are served automatically by a third party. Neither the service provider nor the domain owner maintain any relationship with the advertisers.",
    ),
    "parked, de": plain("harbour.example", "Diese Domain steht zum Verkauf", "Diese Domain können Sie kaufen. Nennen Sie uns Ihr Angebot, und wir leiten es weiter.", language="de"),
    "suspended": plain("Account Suspended", "Account Suspended", "This account has been suspended. Contact your hosting provider for more information on how to go on."),
    "nginx": "<html><head><title>Welcome to nginx!</title></head><body><h1>Welcome to nginx!</h1><p>If you see this page, the nginx web server is successfully installed "
    "and working. Further configuration is required.</p><p><em>Thank you for using nginx.</em></p></body></html>",
    "apache": "<html><head><title>Apache2 Debian Default Page: It works</title></head><body><h1>It works!</h1><p>This is the default welcome page used to test the correct "
    "operation of the Apache2 server after installation on Debian systems.</p></body></html>",
    "folder": "<html><head><title>Index of /2026</title></head><body><h1>Index of /2026</h1><pre><a href=../>Parent Directory</a> <a href=a.html>a.html</a> 2026-11-20 09:30 4.5K "
    "<a href=b.html>b.html</a> 2026-11-20 09:30 4.5K <a href=c.html>c.html</a> 2026-11-20 09:31 4.2K</pre></body></html>",
    "cloudflare": (
        "<!DOCTYPE html><html lang=en-US><head><title>Just a moment...</title><meta name=robots content=noindex,nofollow></head><body>"
        "<div class=main-wrapper><h1>www.harbour.example</h1><h2>Verifying you are human. This may take a few seconds.</h2><p>www.harbour.example "
        "needs to review the security of your connection before proceeding.</p><noscript><p>Enable JavaScript and cookies to continue</p></noscript>"
        "</div><script>window._cf_chl_opt={cvId:'3'};</script></body></html>"
    ),
    "captcha": plain("Robot check", "Are you a robot?", "Please make sure your browser supports JavaScript and cookies and that you are not blocking them from loading.",
        "To continue, please click the box below to let us know you're not a robot. For more information you can review our terms.",
        more='<form><div class="g-recaptcha"></div></form>'),
    "datadome": '<html><head><title>harbour.example</title></head><body><p id=cmsg>Please enable JS and disable any ad blocker</p>'
        '<script src="https://ct.captcha-delivery.com/c.js"></script></body></html>',
    "access denied": plain("Access Denied", "Access Denied", "You don't have permission to access this page on this server. Reference #18.2d35d17.1700000000.1a2b3c4d",
        "https://errors.edgesuite.net/18.2d35d17.1700000000.1a2b3c4d"),
    "ru captcha": plain("Ой!", "Подтвердите, что запросы отправляли вы, а не робот", "Нам очень жаль, но запросы с вашего устройства похожи на автоматические. Нажмите на кнопку, чтобы продолжить.", language="ru"),
    "consent": plain("We value your privacy", "Before you continue", "We and our 842 partners store and access personal data on your device, such as cookies and unique identifiers.",
        "You can accept or reject all cookies, or manage your choices. Your choices are kept for six months and apply to this site only.",
        more="<button>Accept all</button><button>Reject all</button><button>Manage options</button>"),
    "consent in an article's place": declared(plain("Harbour reopens", "Harbour reopens after the storm", "We and our 842 partners store and access information on a device, such as cookies, and process personal data.",
        "With your permission we and our partners may use precise geolocation data. You may click to consent to our processing.", more="<button>Accept all</button>")),
    "de consent": plain("Zustimmung", "Weiterlesen mit Werbung", "Besuchen Sie unsere Website wie gewohnt mit Werbung und Tracking. Einzelheiten zum Tracking finden Sie in der Datenschutzerklärung.",
        "Ihre Zustimmung ist jederzeit widerrufbar. Wir und unsere 160 Partner verarbeiten personenbezogene Daten und setzen Cookies.", more="<button>Akzeptieren und weiter</button>", language="de"),
    "fr consent": plain("Vos choix", "Vos préférences en matière de cookies", "Avec votre accord, nos partenaires et nous utilisons des cookies ou des technologies similaires pour stocker et accéder à des données personnelles.",
        "Vous pouvez retirer votre consentement à tout moment en cliquant sur le lien en bas de page.", more="<button>Tout accepter</button>", language="fr"),
    "login": plain("Log in", "Log in to your account", "Please log in with your email address and password to continue reading. Don't have an account yet? Register now for free.",
        more="<form action=/login method=post><input name=email><input type=password name=password><button>Log in</button></form>"),
    "es login": plain("Iniciar sesión", "Inicia sesión para continuar", "Introduce tu correo electrónico y tu contraseña para seguir leyendo. ¿Todavía no tienes cuenta? Regístrate gratis en un minuto.",
        more="<form><input name=u><input type=password></form>", language="es"),
    "maintenance": plain("Maintenance", "We'll be back soon", "Sorry for the inconvenience, we are performing some maintenance at the moment. We will be back online shortly. Thank you for your patience."),
    "de maintenance": plain("Wartungsarbeiten", "Wartungsarbeiten", "Aufgrund von Wartungsarbeiten ist unsere Website derzeit nicht erreichbar. Wir sind in Kürze wieder für Sie da und bitten um Ihr Verständnis.", language="de"),
    "error": plain("500 Internal Server Error", "Something went wrong", "We are having trouble loading this page. Our team has been notified. Please try again later or refresh the page in your browser."),
    "unavailable": plain("Service Unavailable", "503 Service Temporarily Unavailable", "The server is temporarily unable to service your request due to maintenance downtime or capacity problems. Please try again later."),
    "shell": '<!doctype html><html><head><title>The Daily Harbour</title></head><body><noscript>You need to enable JavaScript to run this app.</noscript>'
        "<div id=root></div><script src=/static/js/main.4f1c.js></script></body></html>",
    "shell with words": '<!doctype html><html><head><title>The Daily Harbour</title></head><body><div id=app><p>Please enable JavaScript in your browser to view this page. '
        "This site requires JavaScript to display its content correctly.</p></div><script src=/static/js/main.4f1c.js></script></body></html>",
    "shell in an article's place": declared('<!doctype html><html><head><title>Harbour reopens after the storm</title><meta name=description content="The harbour reopened."></head>'
        "<body><div id=__next><p>JavaScript is disabled in your browser. Please enable JavaScript to continue and read this article on our site.</p></div></body></html>"),
    "an age gate": plain("Age verification", "Age verification", "You must be 18 years or older to enter this website. Please confirm your date of birth in order to continue to the content of this page."),
    "a blocked country": plain("Unavailable", "451: Unavailable due to legal reasons", "We recognize you are attempting to access this website from a country belonging to the European Economic Area including the EU which enforces the General Data Protection Regulation and therefore access cannot be granted at this time."),
    "a refresh": '<html><head><title>Redirecting</title><meta http-equiv=refresh content="0; url=https://harbour.example/new"></head><body><p>You are being redirected to the new address of this page. '
        "If nothing happens, please follow this link to the page that you asked for.</p></body></html>",
}  # fmt: skip


def _teaser(n: int, text: str) -> str:
    return f"<div class=card><h3><a href=/2026/11/2{n % 10}/a-story-of-{n}>{' '.join(text.split()[:8])}</a></h3><p>{text}</p></div>"


def _cards(seed: str, count: int) -> str:
    return "".join(_teaser(n, text) for n, text in enumerate(sentences(seed, count)))


LISTS: Final = {
    "a section of headlines": plain("World", "World", more="<ul>" + "".join(f"<li><a href=/{n}>{s[:70]}</a></li>" for n, s in enumerate(sentences("w", 30))) + "</ul>"),
    "a section of teasers": plain("World news", "World news", more=_cards("cards", 25)),
    "a home page": plain("The Daily Harbour - News from the coast", "The Daily Harbour", more=_cards("home", 40)),
    "a tag's page": plain("Articles tagged harbour", "harbour", more=_cards("tag", 12)),
    "search results": plain("Search", "12 results for “harbour”", more=_cards("search", 12)),
    "an author's page": plain("Mia Ferry", "Mia Ferry", "Mia Ferry is a reporter at The Daily Harbour.", more=_cards("author", 15)),
    "an archive of a day": plain("Archive: 20 November 2026", "Archive: 20 November 2026", more="<ul>" + "".join(f"<li>0{n % 10}:30 <a href=/{n}>{s[:60]}</a></li>" for n, s in enumerate(sentences("day", 40))) + "</ul>"),
}  # fmt: skip
# Real articles about these very things, short ones among them: none may be taken for what it writes about.
REAL: Final = {
    "domains for sale": plain(
        "Domain names for sale at record prices", "Domain names for sale at record prices",
        "A domain that once belonged to a bakery in the old harbour was sold on Monday for more than the bakery itself, its former owner told the council.",
        "Dealers say that short names in particular are sought after. Of the forty that were offered this week, thirty-one found a buyer within a day, most of them abroad.",
        "The baker has moved to a longer name, which nobody has asked her for yet. Her customers, she says, find her by the smell and have never typed an address in their lives.",
        *[f"In the town of number {n} the market for names is smaller, and the registrar there has time for a walk at noon, along the river and back by the mill." for n in range(6)],
    ),
    "about captchas": plain(
        "Why captchas ask whether you are a robot", "Are you a robot? Why captchas get harder", *sentences("captcha", 3),
        "“Please click the box below to let us know you are not a robot,” the page says, and millions of people do so every day.", *sentences("captcha 2", 6),
    ),
    "about a missing page": declared(plain("Page not found: the art of the 404", "Page not found: the art of the 404", *sentences("missing", 8))),
    "about maintenance": declared(plain("Ferry line closed for maintenance", "Maintenance", *sentences("maintenance", 4))),
    "about cookies": declared(plain("Publishers and consent", "We value your privacy, they say", "Banners that say “we and our 842 partners store cookies” fill half of the screen.", *sentences("cookies", 8))),
    "about a login": plain("How to log in safely", "Log in to your account without fear", *sentences("login", 9)),
    "a flash": declared(plain("Quake of 6.1 off the coast", "Quake of 6.1 off the coast", "A quake of magnitude 6.1 struck off the northern coast on Friday, the institute said; no damage was reported at first.")),
    "with a login form": declared(plain("Orchard yields fall", "Orchard yields fall", *sentences("orchard", 7), more="<form><input type=password></form>")),
    "with a notice for scripts": declared(plain("Bridge opens", "Bridge opens", *sentences("bridge", 7), more="<noscript><p>Please enable JavaScript to see comments.</p></noscript>")),
    "in a server's outage": declared(plain("Access denied: bank's customers locked out", "Access denied", *sentences("bank", 5))),
}  # fmt: skip

# What stands below the lines that a wall lets through.
GATES: Final = (
    "To continue reading, please subscribe.", "Subscribe to read the full story", "Already a subscriber? Log in to keep reading",
    "Dieser Artikel ist nur für Abonnenten.", "Il vous reste 80 % de cet article à lire. La suite est réservée aux abonnés.",
    "Para seguir leyendo, suscríbete", "Conteúdo exclusivo para assinantes", "Per continuare a leggere abbonati", "Эта статья только для подписчиков",
    "Aby czytać dalej, wykup dostęp", "この記事は会員限定です", "订阅后可阅读全文",
)  # fmt: skip
