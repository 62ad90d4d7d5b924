"""What furniture says, in the languages of the web's news: one pattern a kind. Each is matched against a whole short passage.

The phrases are the publishers' own labels, collected by kind rather than by site; adding a language is adding alternatives.
"""

from __future__ import annotations

import re
from collections.abc import Iterable


def _any(*alternatives: str) -> re.Pattern[str]:
    """One pattern for `match`: anchored at the start, where a search would try every position of every passage."""
    return re.compile(r"\W*(?:" + "|".join(alternatives) + ")", re.I)


# "Read also", "related": a label alone heads a list; with more behind it, it is one teaser.
READ_ALSO = _any(
    r"(?:read|see|watch|listen|explore|discover|find out|learn)\s+(?:more|also|next|it|the full story)\b",
    r"(?:also\s+(?:read|see|on|watch)|read\s*:|related\b|recommended\b|more\s+(?:on|from|about|in|news|stories|coverage|top stories)\b)",
    r"more (?:\S+ ){0,3}(?:stories|news|coverage|articles|headlines)\W*$",
    r"(?:more\s*:|most\s+(?:read|popular|viewed)|trending|popular\s+(?:on|now|in|stories)|latest\s+(?:news|stories|from|on)|top\s+stories)",
    r"(?:you (?:may|might|could|'ll)?\s*(?:also )?(?:like|be interested|love|want to read)|don'?t miss|in case you missed|editor'?s picks?)",
    r"(?:what to read next|up next|next article|previous article|keep reading|continue reading|further reading|background\s*:)",
    r"(?:lesen sie (?:auch|mehr|dazu|hier|außerdem)|mehr (?:zum thema|dazu|lesen|zu diesem|aus|von|über)|siehe auch|zum artikel|lesetipp)",
    r"(?:das könnte (?:sie|dich|ihnen) (?:auch )?(?:interessieren|gefallen)|auch interessant|ähnliche artikel|weiterführende|passend dazu)",
    r"(?:hier finden sie|mehr zum thema|weitere (?:artikel|themen|nachrichten|meldungen)|meistgelesen|lest? auch|lies auch)",
    r"(?:zum weiterlesen|weiterlesen\b|weiter zu\b|mehr (?:themen|artikel|infos|informationen)\b|weitere (?:informationen|infos|aktuelle|beiträge|inhalte)|das thema könnte|entdecke (?:weitere|mehr)|lust auf mehr|hier (?:geht['’]?s|gibt['’]?s|gibt es) (?:mehr|weitere|zu[mr]?\b))",
    r"(?:(?:à )?lire (?:aussi|également|la suite)|voir aussi|à (?:lire|voir|écouter|découvrir)|sur le même sujet|articles? (?:liés?|associés?)|notre dossier)",
    r"(?:le[ae] (?:también|más|además)|leer (?:también|más)|(?:le|les|te|os) (?:puede|podría|recomendamos|interesa)|(?:ve[ar]?|mir[ae]|puedes (?:ver|leer))(?: también| además)?\s*:|noticias? relacionadas?|ver también|más (?:información|noticias|sobre)|lo más (?:leído|visto)|sigue leyendo)",
    r"(?:leggi (?:anche|di più|pure)|potrebbe interessarti|guarda anche|articoli correlati|approfondisci|per approfondire)",
    r"(?:le(?:ia|r) (?:também|mais)|veja (?:também|mais)|saiba mais|confira (?:também|mais)|notícias relacionadas|mais (?:sobre|lidas))",
    r"(?:lees (?:ook|meer|verder)|bekijk ook|les (?:også|mer)|saken fortsetter|läs (?:också|mer|även|vidare)|læs (?:også|mere)|lue (?:myös|lisää)|katso myös)",
    r"(?:czytaj (?:też|także|również|więcej|dalej)|zobacz (?:też|także|również|więcej)|przeczytaj (?:też|także|więcej)|polecamy|powiązane)",
    r"(?:přečtěte si|čtěte (?:také|více|dále)|prečítajte si|čítajte (?:aj|viac)|olvass? (?:el|tovább)|kapcsolódó|cite[șş]te (?:[șş]i|mai)|vezi [șş]i|pročitajte|preberite)",
    r"(?:читайте (?:также|ещ[её]|по теме|далее)|смотрите также|по теме|материалы по теме|читайте (?:також|ще)|дивіться також|прочетете (?:още|също)|вижте (?:още|също)|още по темата|чети още)",
    r"(?:διαβάστε (?:επίσης|ακόμ|περισσ)|δείτε (?:επίσης|ακόμ)|ilgili haber|bunlar da|ayrıca oku|baca (?:juga|selengkapnya)|simak juga|xem thêm|đọc thêm|อ่าน(?:เพิ่มเติม|ข่าว|ต่อ)|ข่าวที่เกี่ยวข้อง)",
    r"(?:相关(?:阅读|新闻|文章|报道|链接)|延伸阅读|推荐阅读|更多(?:新闻|阅读|文章)|相關(?:閱讀|新聞|報導)|延伸閱讀|関連(?:記事|ニュース|リンク|キーワード)|あわせて読みたい|おすすめ|관련\s?(?:기사|뉴스)|인기\s?기사)",
    r"(?:اقرأ (?:أيضا|أيضًا|المزيد)|إقرأ أيضا|قد يهمك|شاهد أيضا|مواضيع ذات صلة|أخبار ذات صلة|بیشتر بخوانید|مطالب مرتبط|यह भी पढ़ें|ये भी पढ़ें|इसे भी पढ़ें|आरও পড়ুন|আরও পড়ুন|קראו (?:גם|עוד)|עוד בנושא)",
)  # fmt: skip

# Prompts to subscribe, follow, download, share, support, log in: the imperative leads.
PROMPT = _any(
    r"(?:sign up|subscribe|register|log ?in|sign in|download (?:our|the)|install (?:our|the)|enter your e-?mail|get (?:the (?:latest|best|day)|our|more|breaking|daily|updates|alerts|unlimited))",
    r"(?:follow (?:us|@|our|the|.{2,40}\bon\b)|like (?:us|this story)|join (?:us|our|the conversation|the discussion|.{2,30}(?:channel|community|whatsapp|telegram))|share (?:this|on|via)|support (?:our|us|quality)|become a (?:member|subscriber|patron)|donate)",
    r"(?:listen (?:live|back|again|to .{2,40}\b(?:live|podcast))|tune in\b|watch live|click here|tap here|have (?:a|your) (?:tip|say)|do you have a|got a (?:tip|story)|contact us|e-?mail us|write to (?:us|the|[A-Z])|(?:reach|contact|email) (?:the|our|him|her|me|[A-Z]\S+ [A-Z]\S+ at)|send (?:us|your)|let us know|tell us|what do you think|thank you for (?:reading|subscrib)|stay (?:up to date|informed|on top|tuned|connected))",
    r"(?:by (?:subscribing|signing up|clicking)|unlock|start your|try .{0,20}free|already (?:a |have )|you can unsubscribe|this site is protected by recaptcha|we use cookies|this article is (?:for|reserved)|reviews and recommendations are|we may earn|this (?:story|article|post) (?:contains|may contain) affiliate|an error has occurred|your browser)",
    r"(?:abonnieren|jetzt (?:abonnieren|anmelden|kostenlos|registrieren|herunterladen|lesen)|melden sie sich|folgen sie|folge uns|sie (?:haben|wollen|möchten|arbeiten) .{0,60}\?|bestellen sie|bitte beachten|(?:wie )?hat (?:ihnen|dir|euch) (?:dieser|der|unser)|unterstützen sie|hinweis\s*:?$|teilen sie|newsletter\b|kommentar abgeben|du musst dich|.{0,30}\bnewsletter\b.{0,60}(?:abonnieren|anmelden|informiert))",
    r"(?:abonne[zr]|inscrivez|s'inscrire|suivez|recevez|téléchargez|cliquez|partage[rz]|soutenez|connectez|rejoignez|cet article est réservé|il vous reste)",
    r"(?:suscr[ií]b|reg[ií]strate|s[ií]guenos|[úu]nete|descarga|compart[ei]|recib[ea]|apúntate|haz clic|puedes seguir|tu suscripción|si (?:quieres compartir|continúas leyendo|decides continuar)|¿quieres añadir|en el caso de no saber|esta funcionalidad|iscriviti|abb[oó]nati|segui(?:ci)?\b.{0,40}\bsu\b|scarica l|condividi|ricevi|inscreva-se|assine|siga|receba|baixe|cadastre-se|clique|participe)",
    r"(?:schrijf je in|volg ons|meld je aan|abonneer|download de|følg|abonner|meld deg|følg oss|prenumerera|följ|anmäl|tilaa|seuraa|zapisz się|obserwuj|subskrybuj|dołącz do|pobierz|zasubskrybuj|přihlaste|sledujte|odebírejte|iratkozz|kövess|abonea|urmăre[șş]te)",
    r"(?:подпи[шс]|следите за|присоединяй|следвайте|последвайте|абонирай|харесайте|слідкуйте|приєднуй|поділи|сподели|поделиться|поддержите|ακολουθήστε|εγγραφείτε|abone ol|takip ed|bizi|ikuti|daftar|berlangganan|theo dõi|đăng ký|ติดตาม|สมัคร)",
    r"(?:关注|订阅|扫码|扫描|分享让更多|点击|下载|打开|登录|訂閱|追蹤|加入|按讚|分享|この記事は(?:会員|有料)|会員登録|ログイン|フォロー|구독|팔로우|제보|네이버|카카오|تابع|اشترك|انضم|حمل|فالو|हमें फॉलो|फॉलो करें|सब्सक्राइब|ज्वाइन|डाउनलोड)",
)  # fmt: skip

# Credits and sign-offs below a text.
CREDIT_LINE = _any(
    r"(?:additional |with |further |extra |original )?(?:reporting|report|writing|editing|research|edited|written|compiled|translated|produced|photographs?|graphics?)(?: and \w+)*\s+by\b",
    r"(?:with (?:files|reporting|reports|inputs?|additional|contributions?|material|wires?|agency)\b|.{3,90}\bcontributed (?:to|reporting)\b)",
    r"(?:sources?|quellen?|fuentes?|fonti?e?|source de l'article|kilde|källa|lähde|źródło|zdroj|forrás|sursa|извор|источник|джерело|източник|πηγή|kaynak|sumber|nguồn|ที่มา|来源|來源|출처|出典|المصدر|منبع|स्रोत)\s*[:：]",
    r"(?:mit|with|avec|con|com) (?:(?:dpa|afp|ap|epd|kna|sid|efe|reuters|agenturen|agencies|agences|agencias)(?:[/, ]+|$))+\W*$",
    r"(?:mit (?:agenturmaterial|material|informationen)|aus dem \S+ von|übersetz(?:t|ung)|redaktion\s*:|faktencheck\s*:|bearbeit|avec (?:afp|reuters|ap|agences)|con (?:informaci[oó]n|agencias)|com (?:informações|agências)|con informazioni|traduction|traducci[oó]n|tradução)",
    r"(?:the (?:writer|author|columnist) is|the views? expressed|the opinions? expressed|opinions? expressed|this (?:article|story|post|report|piece) (?:was|is|has been|first|originally|appeared)|(?:first|originally) (?:published|appeared)|disclaimer)\b(?=.{0,320}$)",
    r"(?:this is a (?:breaking|developing) (?:news? )?story|more to follow|mehr in kürze|sendung\s*:|(?:average |durchschnittliche )?(?:rating|bewertung)\s*:)",
    r"(?:责任?编辑|责编|編輯|编辑|校对|记者\s?[:：]|责任编辑|\S{2,4}\s?기자\s*\S+@)",
)  # fmt: skip
_COPYRIGHT = _any(
    r"(?:©|\(c\)|ⓒ|copyright\b|copy-?right|alle rechte|all rights reserved|tous droits|todos los derechos|tutti i diritti|все права|всички права|усі права|all content ©|版权|著作権|無断転載|저작권|무단\s?전재)",
    r".*?(?:©|\(c\)|ⓒ|copyright)\s*(?:19|20)\d\d.{0,120}$",
    r".*?all rights reserved\W*$",
    r".*?may not be (?:published|reproduced|copied|distributed).{0,120}$",
    r".*?\b(?:for|is for) your personal, non-commercial use only",
)
# A house's distance from what its guests write.
_DISCLAIMER = _any(
    r".*\b(?:nicht (?:unbedingt |notwendigerweise )?(?:der|die) (?:meinung|ansicht)(?:en)? der redaktion|(?:opinions?|views?|articles?|columns?|authors?|contributors?)\b.{0,120}\bdo(?:es)? not (?:necessarily )?(?:reflect|represent) the (?:views?|opinions?|position)|no (?:reflejan?|representan?) necesariamente|ne reflètent? pas (?:nécessairement|forcément)|non rispecchia(?:no)? necessariamente)",
)  # fmt: skip
# What a house earns by the links in its text, as the law has it say: the first sentence names them, and speaks of us or of this text.
_AFFILIATE = re.compile(
    r"(?:[^.!?]*\b(?:independently|unabhängig)\b[^.!?]*[.!?] )?[^.!?]{0,160}(?:"
    r"(?:\baffiliate|\bpartner|\bprovisions|\bwerbe)[- ]?links?\b|\baffiliate (?:commissions?|partners?|program\w*|advertising|disclosure)\b|\bamazon-partner\b"
    r"|\b(?:buy|bought|purchas\w+|click\w*|order\w*|shop\w*)\b.{0,100}\b(?:earn|receive|get|make|collect|paid)s?\b.{0,40}\bcommissions?\b"
    r"|\bearns?\b.{0,30}\bcommissions?\b.{0,60}\b(?:purchases?|links?)\b|\bas an amazon associate\b"
    r"|\bliens? (?:d['’])?affili\w+|\benlaces? (?:de )?afilia\w+|\blinks? (?:di )?affilia\w+|\blinks? de afilia\w+|\blink\w* (?:afiliacyj|partnersk)\w+"
    r")",
    re.I,
)
_OURS = re.compile(
    r"\b(?:we|our|us|may (?:earn|receive)|wir|uns|unser\w*|nous|notre|nos|nosotros|nuestr\w+|noi|nostr\w+|recebemos|ricev\w+|recib\w+|touch\w+|perce\w+|ontvangen wij|wij|otrzym\w+)\b"
    r"|\b(?:contains?|includes?|enthält|enthalten|gekennzeichnet\w*|versehen|contiene|contient|contém|bevat|zawiera)\b|handelt es sich",
    re.I,
)
SYNDICATION = _any(
    r"only the headline and picture of this report",
    r"(?:this (?:story|report|article|copy) (?:has not been|is|was) (?:edited|published|auto-generated|unedited|generated)|(?:except for the headline|with the exception of the headline))",
    r".*?auto-generated from a syndicated feed",
    r"(?:this (?:story|article) (?:was|is) (?:originally |first )?(?:published|provided|distributed) by)",
    r"(?:dieser (?:artikel|text|beitrag) (?:ist|wurde|erschien)|dies ist eine maschinelle übersetzung|lest? den originalartikel)",
)
TOPICS = _any(
    r"(?:topics?|tags?|keywords?|categor(?:y|ies|ías?|ia|ie)|kategorien?|rubrik|filed under|posted in|related (?:tags?|topics?)|in this (?:story|article)|schlag(?:worte|wörter)|themen|stichwort\w*|mots[- ]clés|étiquettes?|etiquetas|temas|palabras clave|tag|argomenti|assuntos|palavras-chave|trefwoorden|emneord|ämnen|tagi|štítky|címkék|etichete|теги|метки|тагове|ключови думи|ετικέτες|etiketler|标签|关键词|關鍵字|タグ|태그|الوسوم|كلمات مفتاحية|टैग्स?)\s*[:：]\s*(?P<rest>.*)$",
)  # fmt: skip
COMMENTS = _any(
    r"(?:(?:no|keine|sin|aucun|nessun|nenhum|\d+)\s+(?:comments?|kommentare?|comentarios?|comentários?|commentaires?|commenti)|(?:\d+\s+)?comments?(?:\s*\(\d+\))?|leave a (?:comment|reply)|post a comment|add (?:a )?comment|join the (?:conversation|discussion)|view comments|show comments|be the first to comment|kommentare?(?: \(?\d+\)?)?|kommentar (?:abgeben|schreiben)|commentaires?|réagir|comentarios?|comentários?|deja un comentario|deixe (?:um|seu) comentário|commenti|lascia un commento|reacties|kommentarer|komentarze|komentáře|комментарии|коментари|коментарі|σχόλια|yorumlar|komentar|bình luận|评论|評論|コメント|댓글|التعليقات|تعليقات|टिप्पणी)\W*$",
    r"aten(?:ção|ción)\s*:\s*(?:los )?comentários?",
    r"(?:the )?comments? (?:are|posted|on this)",
)  # fmt: skip
READING_TIME = _any(
    r"(?:\w+\s+){0,4}\d+\s*-?\s*(?:min(?:ute[ns]?|utos?|uti|uter|\.)?|мин(?:ут\w*)?|λεπτά|dk|分(?:钟|鐘)?|분)\s*(?:read|to read|lesezeit|lesen|de lecture|de lectura|de leitura|di lettura|leestijd|lesetid|läsning|czytania|чтения|за четене|читання|ανάγνωσ\w*|okuma|阅读|閱讀|で読めます)?\W*$",
    r"(?:reading time|read time|lesezeit|tempo (?:de leitura|di lettura)|tiempo de lectura|temps de lecture|leestijd|lesedauer|время чтения|estimated read\w*)\b.{0,40}$",
)  # fmt: skip
BUTTON = _any(
    r"(?:share|tweet|email|e-mail|print|save|copy(?: link)?|link copied!?|bookmark|facebook|twitter|x|whatsapp|linkedin|reddit|telegram|pinterest|flipboard|order reprints|print article|text size|listen(?: to (?:this )?article)?|play|pause|advertisement|ad|sponsored|loading\.*|close|menu|search|home|back to top|view (?:gallery|image|photos)|(?:open|view) image in gallery|gift (?:this )?article|add us? (?:as|on|to) .{0,30}google.{0,30}|thank you|article content|sign in|skip to .{0,30}|show more|see all|learn more|story continues below.{0,30}|article continues (?:below|after).{0,40}|continue reading.{0,40}|scroll to continue.{0,40})\W*$",
    r"(?:teilen|drucken|merken|kopieren|anzeige|werbung|speichern|vorlesen|partager|imprimer|publicité|compartir|imprimir|publicidad|publicidade|compartilhar|condividi|stampa|pubblicità|delen|advertentie|annonce|annons|mainos|reklama|udostępnij|drukuj|реклама|поделиться|сподели|κοινοποίηση|paylaş|reklam|bagikan|iklan|chia sẻ|分享|评论|关注|打印|广告|シェア|広告|공유|광고|مشاركة|إعلان|शेयर|कॉपी लिंक|विज्ञापन|flecha)\W*$",
)  # fmt: skip
BYLINE = _any(
    r"(?:by|von|par|por|di|da|door|av|af|autor(?:in)?|author|written by|автор|от|авторка|oleh|bởi|tác giả|yazan|szerző|作者|文|記者|记者|撰文|بقلم|كتب|लेखक|द्वारा)\s*[:：]?\s+(?P<name>\S.{1,90})$",
)
_PHOTO = _any(
    r"(?:photo(?:graph)?s?|image|picture|pic|foto|fotos|bild|crédits?|credit|file photo|снимка|фото|φωτο(?:γραφία)?|foto ilustrasi|图|圖|写真|사진|صورة)\b\s*(?:credit|by|courtesy|via)?\s*[:：/|].{2,140}$",
    r".{5,300}(?:\((?:photo|ap|afp|reuters|getty|file|image|picture|foto|bild|epa|tass|xinhua)\b[^()]{0,80}\)|(?:photo|foto|bild|image|picture|crédit|credit)\s*:\s*[^.]{2,80}|/\s*(?:getty images|afp|reuters|ap|epa)\b.{0,30}|\((?:[^()]*\bvia (?:ap|reuters|getty|afp)[^()]*)\))\W*$",
)  # fmt: skip

# Labels that head a list of tags or of the text's own sections: alone on their line.
TAGS_LABEL = _any(
    r"(?:tags?|topics?|temas|tópicos|etiquetas|categor(?:y|ies|ías?)|kategorien?|themen|schlagw(?:orte|örter)|mots[- ]clés|argomenti|filed under|posted in|теги|тагове|ετικέτες|etiketler|标签|タグ|태그)\W*$",
)  # fmt: skip
CONTENTS = _any(
    r"(?:(?:table of )?contents|in this article|jump to|inhaltsverzeichnis|inhalt|sommaire|table des matières|índice|indice|in questo articolo|inhoud(?:sopgave)?|spis treści|obsah|содержание|съдържание|目次|目录|목차)\W*$",
)  # fmt: skip
ABOUT_AUTHOR = _any(
    r"(?:about (?:the )?(?:authors?|writers?)|(?:über )?(?:die|den|der) autor(?:in(?:nen)?|en)?|zur person|(?:à propos de )?l['’]aut(?:eur|rice)|(?:sobre )?(?:el|la|os?|as?) autor(?:a|es)?|(?:sull['’]|l['’])autor\w+|over de auteur|o autor(?:ze|ce|ovi)|об авторе|за автора|про автора)\W*$",
)  # fmt: skip
# Where a page would show what stands on another site, it says why it does not.
EMBED = _any(
    r"(?:empfohlener (?:redaktioneller|externer) inhalt|an dieser stelle (?:finden|befindet|steht|würde|ist).{0,140}(?:inhalt|youtube|twitter|instagram|facebook)|ich bin (?:damit )?einverstanden, dass .{0,30}(?:extern|inhalt)|externe[rn]? inhalte? |dieser inhalt (?:wird|stammt|ist)|mit (?:dem )?(?:klick|aktivieren|laden).{0,90}(?:inhalt|daten))",
    r"(?:pour (?:afficher|voir|visualiser|consulter) ce (?:contenu|média|tweet)|ce contenu (?:est|n['’]est|peut)|para ver este (?:contenido|vídeo)|este contenido (?:está|no está|se encuentra)|ver esta publicación en|per (?:visualizzare|vedere) questo contenuto|visualizza questo post|bekijk dit bericht op|deze inhoud (?:kan|is|wordt))",
    r"(?:allow .{2,30} content\?|this article (?:contains|includes) content (?:provided|hosted) by|to (?:view|watch|see|play) this (?:content|video|post|tweet|media|embed|site)|(?:view|see) (?:this|more) (?:post|posts) on|this video (?:is (?:not|un)|can ?not be)|your browser (?:does not|doesn)|please (?:enable|turn on) (?:javascript|cookies)|we(?:['’]re| are) having trouble loading)",
)  # fmt: skip
# What a template or a script leaves in the text.
REMNANT = re.compile(
    r"(?:true|false|null|undefined|NaN|\[object Object\]|[a-z]+(?:[A-Z][a-z]+)+\s*:\s*(?:true|false|null|undefined)?|\{\{.*\}\}|\[/?[a-z_]+(?: [a-z_]+=[^\]]*)?\]|<!--.*|(?:var|let|const|function) \w+\s*[=(].*)\s*$"
)
_LETTERS = (
    r"(?:newsletters?|inbox(?:es)?|mailing list|e-?mail alerts?|bolet[ií]n(?:es)?|infolettre|nieuwsbrief|рассылк\w+|бюлетин\w*)"
)
# What is asked of the reader, wherever in a sentence: searched for in short paragraphs, since it must name what is asked and for what.
_ASKS = re.compile(
    rf"\b(?:sign(?:ing)? up|subscrib\w+|regist(?:er|rieren)|get|receive|deliver\w*|join|abonn\w+|anmeld\w+|melde\w*|bestell\w+|inscri\w+|recev\w+|suscr\w+|recib\w+|iscri\w+|ricev\w+|receba|assine|schrijf|ontvang|подпи\w+|абонир\w+)\b.{{0,110}}\b{_LETTERS}"
    rf"|\b{_LETTERS}\b.{{0,80}}\b(?:sign(?:ing)? up|subscrib\w+|anmeld\w+|abonn\w+|inbox|registrier\w+|suscr\w+)"
    r"|\b(?:to|pour|um|para) (?:view|read|continue|access|lire|accéder|weiterlesen|weiterzulesen|leer|seguir)\b.{0,60}\b(?:subscribe|log ?in|sign in|register|abonn\w+|inscri\w+|anmelden|suscr\w+|regístr\w+)"
    r"|\balready (?:a|an) (?:subscriber|member)\b|\bfirst-time subscribers\b|\bif you enjoyed (?:reading )?this\b|\bkostenlos (?:testen|lesen|abonnieren)\b|\bhazte (?:miembro|socio|suscriptor)|\bpour accéder en illimité|^pour lire la suite"
    r"|\b(?:log ?in|sign in|logged in|eingeloggt|angemeldet|registered)\b.{0,30}\b(?:to|um|zu) (?:post|comment|kommentieren)|kommentieren zu können|\bwould you like to comment\b|\b(?:in den kommentaren|in the comments?(?: section)?(?: below)?)\W*$"
    r"|\bwe(?:['’]d (?:like|love)| want) to hear (?:from you|what you)\b"
    r"|\b(?:get in touch|reach out|e-?mail us|contact us|let us know|write to us|send (?:it|them|us).{0,20})\b.{0,60}\S+@\S+\.\w+"
    r"|\bcopyrighted property of\b|\b(?:reprint\w*|reproduc\w+|republi\w+|redistribut\w+|vervielfältigung|nachdruck)\b.{0,80}\b(?:permission|genehmigung|prohibid\w|prohibited|interdite?|autorizaci[oó]n|consent)\b|\bmateriał chroniony prawem",
    re.I,
)
# One of these stands in every sentence that asks, of those below in every line that does what they are named for: looked for first,
# since the expressions cost up to a hundred times as much.
_ASKING = (
    "newsletter", "inbox", "mailing list", "alert", "bolet", "infolettre", "nieuwsbrief", "рассылк", "бюлетин", "subscri", "log in", "login", "sign in",
    "logged", "regist", "abonn", "inscri", "anmeld", "angemeldet", "suscr", "regístr", "member", "miembro", "socio", "enjoyed", "kostenlos", "illimité", "lire la suite", "comment", "to hear",
    "komment", "@", "copyrighted", "reprint", "reproduc", "republi", "redistribut", "vervielf", "nachdruck", "chroniony",
)  # fmt: skip


_DISTANCE = ("redaktion", "reflect", "represent", "reflej", "reflètent", "rispecchia")
_EARNINGS = ("affili", "partner", "provision", "werbelink", "amazon", "commission", "afilia")
_RIGHTS = (
    "©", "(c)", "ⓒ", "copyright", "copy-right", "rechte", "rights", "droits", "derechos", "diritti", "права", "版权", "著作権", "無断転載", "저작권", "무단",
    "may not be", "personal, non-commercial",
)  # fmt: skip
_CREDITS = ("(", ":", "：", "/", "|")


def asks(words: str) -> bool:
    """Whether a paragraph asks its reader to sign up, log in, write or pay, or forbids to copy it."""
    return _holds(words, _ASKING) and bool(_ASKS.search(words))


def disclaims(words: str) -> bool:
    """Whether a paragraph keeps the house's distance from what a guest wrote in it."""
    return _holds(words, _DISTANCE) and bool(_DISCLAIMER.match(words))


def earns(words: str) -> bool:
    """Whether a paragraph says that its house is paid for what is bought through its links."""
    return _holds(words, _EARNINGS) and bool(_AFFILIATE.match(words)) and bool(_OURS.search(words))


def claims_rights(words: str) -> bool:
    """Whether a line says who has the rights in the text."""
    return _holds(words, _RIGHTS) and bool(_COPYRIGHT.match(words))


def credits_photo(words: str) -> bool:
    """Whether a line says whose picture it stands beside."""
    return _holds(words, _CREDITS) and bool(_PHOTO.match(words))


def _holds(words: str, signs: Iterable[str]) -> bool:
    folded = words.lower()
    for sign in signs:  # noqa: SIM110 -- `any` over a generator takes twice as long
        if sign in folded:
            return True
    return False
