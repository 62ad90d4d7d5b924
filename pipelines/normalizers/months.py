"""Month names of the world's languages, January first: names of one month joined by `|`, an underscore for a space.

Source: Unicode CLDR 47 (wide and abbreviated, format and stand-alone) as Babel gives it, with the further spellings of
dateparser's language data, and by hand the Levantine, Maghreb and Moroccan names, Austrian ones and common press
spellings. A name that another one of the same month begins is left out for the languages of INFLECTED: there a longer
ending is accepted. Chinese, Japanese and Korean number
their months and need no names.
"""

from __future__ import annotations

from functools import cache

# Languages that decline month names: a listed name of four letters or more also stands for its longer forms.
INFLECTED = frozenset((
    "fi", "et", "hu", "eu", "az", "kk", "ky", "uz", "tt", "tk", "ka", "hy", "mn", "is", "fo", "lv", "lt", "sl", "hr", "sr",
    "mk", "bg", "cs", "sk", "pl", "ru", "uk", "be", "ro", "sq", "el", "kn", "te", "ml", "ta", "si", "gu", "mr", "ne", "bn",
    "or", "pa", "as", "am", "om", "ti", "rw",
    "bs", "ku", "ckb", "tg", "kl", "se",
))  # fmt: skip

# Languages written without spaces between words: a name is found inside a longer run of letters.
UNSPACED = frozenset(("th", "lo", "km", "my"))

# Tags that share another language's names.
ALIASES = {
    "no": "nb", "nn": "nb", "sh": "hr", "cnr": "sr", "tl": "fil", "iw": "he", "in": "id", "ji": "yi", "mo": "ro", "ceb": "fil",
    "hil": "fil", "war": "fil", "ilo": "fil", "yue": "zh", "wuu": "zh", "nan": "zh", "hak": "zh", "prs": "fa", "kmr": "ku", "sdh": "ckb",
    "pnb": "ur", "skr": "ur", "bho": "hi", "mai": "hi", "awa": "hi", "doi": "hi", "sa": "hi", "kok": "mr", "gom": "mr", "gsw": "de",
    "bar": "de", "qu": "es", "ay": "es", "gn": "es", "zsm": "ms",
}  # fmt: skip

MONTHS = {
    "en": "January|Jan February|Feb March|Mar April|Apr May June|Jun July|Jul August|Aug September|Sep|sept "
    "October|Oct November|Nov December|Dec",
    "de": "Januar|Jan|Jänner|Jän Februar|Feb|Feber März|Mär|Mrz April|Apr Mai Juni|Jun Juli|Jul August|Aug September|Sept|Sep Oktober|Okt "
    "November|Nov Dezember|Dez",
    "nl": "januari|jan februari|feb|febr maart|mrt april|apr mei juni|jun juli|jul augustus|aug september|sep oktober|okt november|nov "
    "december|dec",
    "af": "Januarie|Jan Februarie|Feb Maart|Mrt April|Apr Mei Junie|Jun Julie|Jul Augustus|Aug September|Sep "
    "Oktober|Okt November|Nov Desember|Des",
    "lb": "Januar|Jan Februar|Feb Mäerz|Mäe Abrëll|Abr Mee Juni|Jun Juli|Jul August|Aug September|Sep Oktober|Okt "
    "November|Nov Dezember|Dez",
    "fr": "janvier|janv|jan février|févr mars avril|avr mai juin|jun juillet|juil|jul|juill août|aoû septembre|sept|sep octobre|oct "
    "novembre|nov décembre|déc",
    "es": "enero|ene febrero|feb marzo|mar abril|abr mayo|may junio|jun julio|jul agosto|ago|agto septiembre|sept|Setiembre|Sep|Set "
    "octubre|oct noviembre|nov diciembre|dic",
    "pt": "janeiro|jan fevereiro|fev|fever março|mar abril|abr maio|mai junho|jun julho|jul agosto|ago "
    "setembro|set|Septembro|sept outubro|out novembro|nov dezembro|dez",
    "it": "gennaio|gen|genn febbraio|feb|febbr marzo|mar aprile|apr maggio|mag giugno|giu luglio|lug agosto|ago settembre|set|sett "
    "ottobre|ott novembre|nov dicembre|dic",
    "ca": "gener|gen febrer|febr març abril|abr maig juny juliol|jul agost|ag|agst setembre|set octubre|oct novembre|nov desembre|des",
    "gl": "xaneiro|xan febreiro|feb marzo|mar abril|abr maio|mai xuño|xuñ xullo|xul agosto|ago setembro|set "
    "outubro|out novembro|nov decembro|dec",
    "eu": "urtarrila|urt otsaila|ots martxoa|mar apirila|api maiatza|mai ekaina|eka uztaila|uzt abuztua|abu "
    "iraila|ira urria|urr azaroa|aza abendua|abe",
    "ro": "ianuarie|ian februarie|feb|Febr martie|mar aprilie|apr mai iunie|iun iulie|iul august|aug "
    "septembrie|sept|Sep octombrie|oct nov|Noiem decembrie|dec",
    "oc": "genièr|gen febrièr|feb març abril|abr mai junh julhet|jul agost|ago setembre|set octòbre|oct novembre|nov "
    "decembre|dec",
    "mt": "Jannar|Jan Frar|Fra Marzu|Mar April|Apr Mejju|Mej Ġunju|Ġun Lulju|Lul Awwissu|Aww|Awissu Settembru|Set "
    "Ottubru|Ott Novembru|Nov Diċembru|Diċ",
    "ga": "Eanáir|Ean Feabhra|Feabh Márta|Mhárta Aibreán|Aib|Aibreáin Bealtaine|Beal|Bhealtaine "
    "Meitheamh|Meith|Mheitheamh Iúil Lúnasa|Lún Meán_Fómhair|MFómh|Mheán_Fómhair "
    "Deireadh_Fómhair|DFómh|Dheireadh_Fómhair Samhain|Samh|na_Samhna Nollaig|Noll|na_Nollag",
    "cy": "Ionawr|Ion Chwefror|Chwef|Chw Mawrth|Maw|Fawrth Ebrill|Ebr Mai|Fai Mehefin|Meh|Fehefin Gorffennaf|Gorff|Gor|Orffennaf Awst "
    "Medi|Fedi Hydref|Hyd Tachwedd|Tach|Dachwedd Rhagfyr|Rhag|Ragfyr",
    "gd": "Fhaoilleach|Faoi|Faoilleach Ghearran|Gearr|Gearran Mhàrt|Màrt Ghiblean|Gibl|Giblean Chèitean|Cèit|Cèitean "
    "Ògmhios|Ògmh Iuchar|Iuch Lùnastal|Lùna Sultain|Sult Dàmhair|Dàmh Samhain|Samh Dùbhlachd|Dùbh",
    "br": "Genver|Gen Cʼhwevrer|Cʼhwe Meurzh|Meur Ebrel|Ebr Mae Mezheven|Mezh Gouere|Goue Eost Gwengolo|Gwen Here Du "
    "Kerzu|Kzu|ker",
    "is": "janúar|jan febrúar|feb mars|mar apríl|apr maí júní|jún júlí|júl ágúst|ágú september|sep október|okt "
    "nóvember|nóv desember|des",
    "fo": "januar|jan februar|feb mars|mar apríl|apr mai juni|jun juli|jul august|aug september|sep oktober|okt "
    "november|nov desember|des",
    "sv": "januari|jan februari|feb mars april|apr maj juni|Jun juli|Jul augusti|aug september|sep|Sept oktober|okt "
    "november|nov december|dec",
    "nb": "januar|jan februar|feb mars|mar april|apr mai juni|jun juli|jul august|aug september|sep oktober|okt "
    "november|nov desember|des",
    "da": "januar|jan februar|feb marts|mar april|apr maj juni|jun juli|jul august|aug september|sep oktober|okt "
    "november|nov december|dec",
    "fi": "tammi helmi maalis huhti touko kesä heinä elo|elok syys loka marras joulu",
    "et": "jaan veebr märts aprill|apr mai juuni juuli august|aug september|sept oktoober|okt november|nov detsember|dets",
    "lv": "janv februāris|febr|februārī marts|martā aprīlis|apr|aprīlī maijs|maijā jūnijs|jūn|jūnijā jūlijs|jūl|jūlijā "
    "augusts|aug|augustā septembris|sept oktobris|okt|oktobrī novembris|nov|novembrī decembris|dec|decembrī",
    "lt": "saus vasario|vas|vasaris kovo|kov|kovas balandžio|bal|balandis geg|gegužė birž liep "
    "rugpjūčio|rugp|rugpjūtis rugs spal lapkr gruod",
    "pl": "stycznia|sty|styczeń|Styczniu lutego|lut|luty marca|mar|marzec|Marcu kwi|Kwie maja|maj|Maju "
    "czerwca|cze|czerwiec|Czerwcu lipca|lip|lipiec|Lipcu sierpnia|sie|sierpień|Sierpniu "
    "września|wrz|wrzesień|Wrześniu paź|październik lis|listopad grudnia|gru|grudzień|Grudniu",
    "cs": "ledna|led|leden|lednu úno|únor|únr března|bře|březen|březnu dubna|dub|duben|dubnu května|kvě|květen|květnu "
    "června|čvn|červen|Čer|červnu července|čvc|červenec|Črc|červenci|črv srpna|srp|srpen|srpnu září|zář "
    "října|říj|říjen|říjnu lis|listopad prosince|pro|prosinec|prosinci",
    "sk": "jan|január feb|február marca|mar|marec apr|apríl mája|máj júna|jún júla|júl aug|august "
    "septembra|sep|september|sept októbra|okt|október novembra|nov|november decembra|dec|december",
    "sl": "januar|jan februar|feb marec|mar|marca april|apr maj|maja junij|jun julij|jul avgust|avg september|sep|septembra "
    "oktober|okt|oktobra november|nov|novembra december|dec|decembra",
    "hr": "siječnja|sij|siječanj|siječnju|siječnjem velj ožujka|ožu|ožujak|ožujku|ožujkom "
    "travnja|tra|travanj|travnju|travnjem svibnja|svi|svibanj|svibnju|svibnjem lipnja|lip|lipanj|lipnju|lipnjem "
    "srpnja|srp|srpanj|srpnju|srpnjem kol|kolovoz rujna|ruj|rujan|rujnu|rujnom lis|listopad "
    "stu|studeni|studenom|studenog prosinca|pro|prosinac|prosincu|prosincem",
    "bs": "januar|jan|januara februar|feb|februara mart|mar|marta april|apr|aprila maj|maja juni|jun|juna juli|jul|jula "
    "august|aug|avgust|avg|augusta|avgusta septembar|sep|sept|septembra oktobar|okt|oktobra novembar|nov|novembra "
    "decembar|dec|decembra",
    "sr": "јануар|јан|januar|jan фебруар|феб|februar|feb март|мар|mart|mar април|апр|april|apr мај|maj|маја|maja "
    "јун|jun|јуни|juni|јуна|juna јул|jul|јули|juli|јула|jula август|авг|avgust|avg "
    "септембар|сеп|septembar|sep|sept|септ|септембра|septembra октобар|окт|oktobar|okt|октобра|oktobra "
    "новембар|нов|novembar|nov|новембра|novembra децембар|дец|decembar|dec|децембра|decembra",
    "mk": "јануари|јан февруари|фев март|мар април|апр мај јуни|јун јули|јул август|авг септември|сеп|септ "
    "октомври|окт ное|ноем декември|дек",
    "bg": "януари|яну|ян февруари|фев|фв|фебр март април|апр|ап май юни|юн юли|юл август|авг септември|сеп|септ октомври|окт "
    "ноември|ное|ноем декември|дек",
    "ru": "янв|январ февр|Фев мар|март апреля|апр|апрель мая|май июня|июн|июнь июля|июл|июль авг|август сент|Сен "
    "октября|окт|октябрь нояб|Ноя декабря|дек|декабрь",
    "uk": "січня|січ|січень лютого|лют|лютий бер|берез квіт|кві трав|тра черв|чер липня|лип|липень серп|сер вер|верес "
    "жовт|жов лист|лис груд|гру",
    "be": "студзеня|сту|студзень|Стд лютага|лют|люты сак|сакавік кра|красавік|Крс мая|май|Траўня|Тра|траўня чэрвеня|чэр|чэрвень "
    "ліпеня|ліп|ліпень жніўня|жні|жнівень|Жнівеня|Жнв верасня|вер|верасень|Врс|верасьня кас|кастрычнік|Кст ліс|лістапад "
    "снежня|сне|снежань|Снж|сьнежня",
    "el": "Ιανουαρίου|Ιαν|Ιανουάριος Φεβρουαρίου|Φεβ|Φεβρουάριος|Φεβρ Μαρτίου|Μαρ|Μάρτιος Απριλίου|Απρ|Απρίλιος "
    "Μαΐου|Μαΐ|Μάιος|Μάη|Μάης Ιουν Ιουλ Αυγούστου|Αυγ|Αύγουστος Σεπτεμβρίου|Σεπ|Σεπτέμβριος|Σεπτ "
    "Οκτωβρίου|Οκτ|Οκτώβριος Νοεμβρίου|Νοε|Νοέμβριος|Νοεμ Δεκεμβρίου|Δεκ|Δεκέμβριος",
    "hu": "január|jan febr|feb márc április|ápr május|máj június|jún július|júl augusztus|aug szeptember|szept "
    "október|okt november|nov december|dec",
    "sq": "janar|jan shkurt|shk mars|mar prill|pri maj qershor|qer korr|kor gush|gsh sht|shtat tetor|tet nëntor|nën "
    "dhjetor|dhj",
    "tr": "Ocak|Oca Şubat|Şub Mart|Mar Nisan|Nis Mayıs|May Haziran|Haz Temmuz|Tem Ağustos|Ağu Eylül|Eyl Ekim|Eki "
    "Kasım|Kas Aralık|Ara",
    "az": "yanvar|yan|јанвар|јан fevral|fev|феврал|фев mart|mar|март|мар aprel|apr|апрел|апр may|май "
    "iyun|iyn|ијун|ијн iyul|iyl|ијул|ијл avqust|avq|август|авг sentyabr|sen|сентјабр|сен "
    "oktyabr|okt|октјабр|окт noyabr|noy|нојабр|ној dekabr|dek|декабр|дек",
    "tk": "ýanwar|ýan fewral|few mart|Mar aprel|apr maý iýun iýul awgust|awg sentýabr|sen oktýabr|okt noýabr|noý dekabr|dek",
    "uz": "yanvar|yan|январ|янв fevral|fev|феврал|фев mart|mar|март|мар aprel|apr|апрел|апр may|май iyun|iyn|июн|июнь "
    "iyul|iyl|июл|июль avgust|avg|август|авг sentabr|sen|сентябр|сен oktabr|okt|октябр|окт noyabr|noy|ноябр|ноя "
    "dekabr|dek|декабр|дек",
    "kk": "қаңтар|қаң ақпан|ақп наурыз|нау сәуір|сәу мамыр|мам маусым|мау шілде|шіл тамыз|там қыркүйек|қыр қазан|қаз "
    "қараша|қар желтоқсан|жел",
    "ky": "янв|январ фев|феврал март|мар апр|апрел май июнь|июн июль|июл август|авг сен|сентябр окт|октябр ноя|ноябр "
    "дек|декабр",
    "tt": "гыйн фев|феврал март|мар апр|апрел май|мае июнь|июн|июне июль|июл|июле август|авг сент окт|октябр нояб дек|декабр",
    "mn": "нэгдүгээр_сар|нэгдүгээр_сарын хоёрдугаар_сар|хоёрдугаар_сарын гуравдугаар_сар|гуравдугаар_сарын "
    "дөрөвдүгээр_сар|дөрөвдүгээр_сарын тавдугаар_сар|тавдугаар_сарын зургаадугаар_сар|зургадугаар_сар|зургаадугаар_сарын "
    "долоодугаар_сар|долдугаар_сар|долоодугаар_сарын наймдугаар_сар|наймдугаар_сарын есдүгээр_сар|есдүгээр_сарын "
    "аравдугаар_сар|аравдугаар_сарын арван_нэгдүгээр_сар|арван_нэгдүгээр_сарын арван_хоёрдугаар_сар|арван_хоёрдугаар_сарын",
    "ka": "იანვარი|იან თებერვალი|თებ მარტი|მარ აპრილი|აპრ მაისი|მაი ივნისი|ივნ ივლისი|ივლ აგვისტო|აგვ სექტემბერი|სექ "
    "ოქტომბერი|ოქტ ნოემბერი|ნოე დეკემბერი|დეკ",
    "hy": "հնվ|հունվար փտվ|փետրվար մրտ|մարտ ապր|ապրիլ մյս|մայիս հնս|հունիս հլս|հուլիս օգս|օգոստոս սեպ|սեպտեմբեր "
    "հոկ|հոկտեմբեր նոյ|նոյեմբեր դեկ|դեկտեմբեր",
    "he": "ינואר|ינו|לינואר|בינואר|בינו פברואר|פבר|בפברואר|לפברואר|בפבר מרץ|במרץ|למרץ|מרס|במרס|למרס|מארס|במארס|למארס "
    "אפריל|אפר|באפריל|לאפריל|באפר מאי|במאי|למאי יוני|ביוני|ליוני|יונ|ביונ יולי|ביולי|ליולי|יול|ביול אוגוסט|אוג|באוגוסט|לאוגוסט|באוג "
    "ספטמבר|ספט|בספטמבר|לספטמבר|בספט אוקטובר|אוק|באוקטובר|לאוקטובר|באוק נובמבר|נוב|בנובמבר|לנובמבר|בנוב דצמבר|דצמ|בדצמבר|לדצמבר|בדצמ",
    "yi": "יאַנואַר|יאַנ פֿעברואַר|פֿעב מערץ אַפּריל|אַפּר מיי יוני יולי אויגוסט|אויג סעפּטעמבער|סעפּ אקטאבער|אקט "
    "נאוועמבער|נאוו דעצעמבער|דעצ",
    "ar": "يناير|كانون_الثاني|جانفي|كانون_ثاني فبراير|شباط|فيفري مارس|آذار أبريل|نيسان|أفريل مايو|أيار|ماي يونيو|يونيه|حزيران|جوان "
    "يوليو|يوليه|تموز|جويلية|يوليوز أغسطس|آب|أوت|غشت|أغشت سبتمبر|أيلول|شتنبر أكتوبر|تشرين_الأول|تشرين_أول "
    "نوفمبر|تشرين_الثاني|نونبر|تشرين_ثاني ديسمبر|كانون_الأول|دجنبر|كانون_أول",
    "fa": "ژانویهٔ|جنوری|جنو فوریهٔ|فبروری مارس|مارچ آوریل|اپریل مهٔ|می|مه_ی ژوئن|جون ژوئیهٔ|جولای اوت|آگست|آگوست سپتامبر|سپتمبر "
    "اکتبر|اکتوبر نوامبر|نومبر دسامبر|دسمبر|دسم",
    "ps": "جنوري فبروري|فېبروري مارچ اپریل مۍ|می جون جولای|جولايي اګست|اگست سېپتمبر|سپتمبر اکتوبر نومبر دسمبر",
    "ur": "جنوری فروری مارچ اپریل مئی جون جولائی|جولائ اگست ستمبر اکتوبر نومبر دسمبر",
    "sd": "جنوري فيبروري|فبروري مارچ اپريل مئي جون جولاءِ آگسٽ|اگست سيپٽمبر|سپٽمبر آڪٽوبر نومبر ڊسمبر",
    "ku": "rêbendan|rbn|çile sibat|sbt|reşemî adar|adr|avdar nîsan|nsn|avrêl gulan|gln hezîran|hzr|pûşper "
    "tîrmeh|trm|temmûz tebax|tbx|gelawêj îlon|îln|rezber cotmeh|cot|kewçêr|çiriya_pêşîn mijdar|mjd|çiriya_paşîn "
    "berfanbar|brf|kanûn",
    "ckb": "کانوونی_دووەم|کانونی_دووەم شوبات ئازار|ئادار نیسان ئایار حوزەیران تەمووز|تەممووز ئاب ئەیلوول|ئەیلول "
    "تشرینی_یەکەم تشرینی_دووەم کانونی_یەکەم|کانوونی_یەکەم",
    "hi": "जनवरी|जन फ़रवरी|फ़र मार्च अप्रैल मई जून जुलाई|जुल अगस्त|अग सितंबर|सित|सितम्बर अक्टूबर|अक्टू|अक्तूबर|अक्तू "
    "नवंबर|नव|नवम्बर दिसंबर|दिस|दिसम्बर",
    "mr": "जाने फेब्रु|फेब्रू मार्च एप्रि मे जून जुलै ऑगस्ट|ऑग सप्टें|सप्टेम्बर ऑक्टो नोव्हें|नोव्हेम्बर डिसें|डिसेम्बर",
    "ne": "जनवरी|जनवरि फेब्रुअरी|फेब्रुवरी|फरवरी मार्च अप्रिल|अप्रैल मे|मई जुन|जून जुलाई अगस्ट|अगस्त सेप्टेम्बर अक्टोबर|अक्टुबर|अक्तुबर "
    "नोभेम्बर|नोवेम्बर डिसेम्बर",
    "bn": "জানু ফেব্রুয়ারী|ফেব|ফেব্রুয়ারি মার্চ এপ্রি মে জুন জুলাই|জুল আগস্ট|আগ|অগস্ট|আগষ্ট|অগাস্ট সেপ্টেম্বর|সেপ অক্টো নভেম্বর|নভে ডিসে",
    "as": "জানু ফেব্ৰু মাৰ্চ এপ্ৰিল মে’ জুন জুলাই আগষ্ট|আগ ছেপ্তে|সেপ্ট|ছেপ্টে অক্টো নৱেম্বৰ|নৱে|নভে ডিচে|ডিসে",
    "or": "ଜାନୁଆରୀ|ଜାନୁୟାରୀ ଫେବୃଆରୀ|ଫେବ୍ରୁଆରୀ|ଫେବୃୟାରୀ ମାର୍ଚ୍ଚ ଅପ୍ରେଲ|ଏପ୍ରିଲ ମଇ ଜୁନ ଜୁଲାଇ ଅଗଷ୍ଟ ସେପ୍ଟେମ୍ବର ଅକ୍ଟୋବର ନଭେମ୍ବର ଡିସେମ୍ବର",
    "pa": "ਜਨਵਰੀ|ਜਨ ਫ਼ਰਵਰੀ|ਫ਼ਰ ਮਾਰਚ ਅਪ੍ਰੈ ਮਈ ਜੂਨ ਜੁਲਾ ਅਗਸਤ|ਅਗ|ਅਗੱਸਤ ਸਤੰਬਰ|ਸਤੰ ਅਕਤੂ ਨਵੰਬਰ|ਨਵੰ ਦਸੰਬਰ|ਦਸੰ",
    "gu": "જાન્યુ ફેબ્રુ માર્ચ એપ્રિલ મે જૂન|જુન જુલાઈ ઑગસ્ટ|ઓગસ્ટ|ઑગષ્ટ સપ્ટે ઑક્ટો|ઓક્ટોબર નવેમ્બર|નવે ડિસે",
    "ta": "ஜனவரி|ஜன|சனவரி பிப்|பெப்ரவரி மார் ஏப்ரல்|ஏப் மே ஜூன்|யூன் ஜூலை|யூலை|ஜுலை ஆகஸ்ட்|ஆக|ஆகஸ்டு "
    "செப்டம்பர்|செப்|செப்டெம்பர் அக்டோபர்|அக்|ஒக்டோபர்|ஒக்ரோபர் நவம்பர்|நவ டிசம்பர்|டிச|டிசெம்பர்",
    "te": "జనవరి|జన ఫిబ్ర మార్చి ఏప్రి మే జూన్ జులై|జూలై ఆగస్టు|ఆగ|ఆగష్టు|ఆగస్ట్ సెప్టెం అక్టో నవంబర్|నవం|నవంబరు డిసెం",
    "kn": "ಜನವರಿ|ಜನ ಫೆಬ್ರ ಮಾರ್ಚ್ ಏಪ್ರಿ ಮೇ ಜೂನ್ ಜುಲೈ ಆಗಸ್ಟ್|ಆಗ|ಆಗಷ್ಟ್ ಸೆಪ್ಟೆಂ ಅಕ್ಟೋ ನವೆಂ ಡಿಸೆಂ",
    "ml": "ജനുവരി|ജനു ഫെബ്രു മാർച്ച്|മാർ ഏപ്രി മേയ്|മെയ് ജൂൺ ജൂലൈ|ജൂലായ് ഓഗസ്റ്റ്|ഓഗ|ആഗസ്റ്റ്|ആഗസ്ത് സെപ്റ്റം|സെപ്തംബർ ഒക്ടോ നവംബർ|നവം|നവമ്പർ ഡിസം|ഡിസമ്പർ",
    "si": "ජනවාරි|ජන පෙබරවාරි|පෙබ මාර් අප්‍රේල් මැයි ජූනි ජූලි අගෝස්තු|අගෝ සැප්තැම්බර්|සැප් ඔක්තෝබර්|ඔක් නොවැම්බර්|නොවැ දෙසැම්බර්|දෙසැ",
    "th": "มกราคม|ม.ค|มค|มกรา กุมภาพันธ์|ก.พ|กพ|กุมภา มีนาคม|มี.ค|มีค|มีนา เมษายน|เม.ย|เมย|เมษา พฤษภาคม|พ.ค|พค|พฤษภา "
    "มิถุนายน|มิ.ย|มิย|มิถุนา กรกฎาคม|ก.ค|กค|กรกฏาคม|กรกฎา สิงหาคม|ส.ค|สค|สิงหา กันยายน|ก.ย|กย|กันยา "
    "ตุลาคม|ต.ค|ตค|ตุลา พฤศจิกายน|พ.ย|พย|พฤศจิ ธันวาคม|ธ.ค|ธค|ธันวา",
    "lo": "ມັງກອນ|ມ.ກ|ມກ ກຸມພາ|ກ.ພ|ກພ ມີນາ|ມ.ນ|ມນ ເມສາ|ມ.ສ|ມສ ພຶດສະພາ|ພ.ພ|ພພ ມິຖຸນາ|ມິ.ຖ|ມິຖ ກໍລະກົດ|ກ.ລ|ກລ "
    "ສິງຫາ|ສ.ຫ|ສຫ ກັນຍາ|ກ.ຍ|ກຍ ຕຸລາ|ຕ.ລ|ຕລ ພະຈິກ|ພ.ຈ|ພຈ ທັນວາ|ທ.ວ|ທວ",
    "km": "មករា កុម្ភៈ|កុម្ភះ|កុម្ភ មីនា មេសា ឧសភា មិថុនា កក្កដា សីហា កញ្ញា តុលា វិច្ឆិកា ធ្នូ",
    "my": "ဇန်နဝါရီ|ဇန် ဖေဖော်ဝါရီ|ဖေ|ဖေဖေါ်ဝါရီ မတ် ဧပြီ မေ ဇွန်|ဂျွန် ဇူလိုင်|ဇူ|ဂျူလိုင် ဩဂုတ်|သြဂုတ်|ဩဂတ်|ဩဂုတ စက်တင်ဘာ|စက် အောက်တိုဘာ|အောက် နိုဝင်ဘာ|နို ဒီဇင်ဘာ|ဒီ",
    "vi": "tháng_một|tháng_giêng tháng_hai tháng_ba tháng_tư tháng_năm tháng_sáu tháng_bảy tháng_tám tháng_chín tháng_mười "
    "tháng_mười_một tháng_mười_hai|tháng_chạp",
    "id": "Januari|Jan|Djan|Djanuari Februari|Feb|Peb|Pebruari Maret|Mar|Mrt April|Apr Mei|Mai Juni|Jun|Djuni "
    "Juli|Jul|Djuli Agustus|Agu|agt|Ag|Agst September|Sep|Sept Oktober|Okt November|Nov|Nop|Nopember "
    "Desember|Des",
    "ms": "Januari|Jan Februari|Feb Mac April|Apr Mei Jun Julai|Jul Ogos|Ogo September|Sep Oktober|Okt November|Nov "
    "Disember|Dis",
    "jv": "Januari|Jan Februari|Feb Maret|Mar April|Apr Mei Juni|Jun Juli|Jul Agustus|Agt September|Sep Oktober|Okt "
    "November|Nov Desember|Des",
    "su": "Januari|Jan Pébruari|Péb Maret|Mar April|Apr Méi Juni|Jun Juli|Jul Agustus|Ags Séptémber|Sép Oktober|Okt "
    "Nopémber|Nop Désémber|Dés",
    "fil": "Enero|Ene Pebrero|Peb Marso|Mar Abril|Abr Mayo|May Hunyo|Hun Hulyo|Hul Agosto|Ago Setyembre|Set "
    "Oktubre|Okt Nobyembre|Nob Disyembre|Dis",
    "sw": "Januari|Jan Februari|Feb Machi|Mac Aprili|Apr Mei Juni|Jun Julai|Jul Agosti|Ago Septemba|Sep Oktoba|Okt Novemba|Nov "
    "Desemba|Des|Disemba",
    "so": "Janaayo|Jan|Jannaayo|koobaad|kob Febraayo|Feb|labaad|lab Maarso|Mar|saddexaad|sad Abriil|Abr|afraad|afr "
    "Maayo|May|shanaad|sha|Mey Juun|Jun|lixaad|lix Luulyo|Lul|todobaad|luuliyo|tod|Julaay|Juulaay "
    "Agosto|Ogs|sideedaad|sid|Agoosto|Ogost|Ogosto Sebtembar|Seb|Sebteembar|sagaalaad|sag|Sebtember Oktoobar|Okt|tobnaad|tob|Oktobar "
    "Noofeembar|Nof|kow_iyo_tobnaad|kit|Nofembar Diseembar|Dis|laba_iyo_tobnaad|lit|Disembar|Diisembar",
    "ha": "Janairu|Jan Faburairu|Fab|Fabrairu|Fabarairu Maris|Mar Afirilu|Afi|Afrilu Mayu|May Yuni|Yun Yuli|Yul Agusta|Agu|Ogusta "
    "Satumba|Sat Oktoba|Okt Nuwamba|Nuw Disamba|Dis",
    "yo": "Ṣẹ́rẹ́|ṣẹ́|ṣẹ́r Èrèlè|èr|èrèl Ẹrẹ̀nà|ẹr|ẹrẹ̀n Ìgbé|ìg|ìgb Ẹ̀bibi|ẹ̀b|ẹ̀bi Òkúdu|òk|òkú Agẹmọ|ag|agẹ "
    "Ògún|òg|ògú|Ogosi|Agosti Owewe|ow|owe Ọ̀wàrà|ọ̀w|ọ̀wà Bélú|bé|bél Ọ̀pẹ̀|ọ̀p",
    "ig": "Jenụwarị|Jen Febrụwarị|Feb Maachị|Maa Epreel|Epr Mee Jun|Juu|juun Julaị|Jul Ọgọọst|Ọgọ|Ọgọst Septemba|Sep "
    "Ọktoba|Ọkt Novemba|Nov Disemba|Dis",
    "zu": "Januwari|Jan|umasingana Februwari|Feb Mashi|Mas Ephreli|Eph Meyi|Mey Juni|Jun Julayi|Jul Agasti|Aga "
    "Septhemba|Sep Okthoba|Okt Novemba|Nov Disemba|Dis",
    "xh": "Janyuwari|Jan Februwari|Feb Matshi|Mat Epreli|Epr Meyi|Mey Juni|Jun Julayi|Jul Agasti|Aga "
    "Septemba|Sept|Sep Okthobha|Okt|Okthoba Novemba|Nov Disemba|Dis",
    "am": "ጃንዋሪ|ጃን|ጃንዩ|ጃንዩወሪ|ጃኑዋሪ ፌብሩዋሪ|ፌብ|ፌብሩ|ፌብሩወሪ|ፌብሯሪ|ፌብርዋሪ ማርች ኤፕሪል|ኤፕሪ|አፕሪል ሜይ ጁን ጁላይ ኦገስት|ኦገስ|ኦጎስት ሴፕቴምበር|ሴፕቴ|ሴፕተምበር ኦክቶበር|ኦክቶ|ኦክተበር "
    "ኖቬምበር|ኖቬም|ኖቨምበር ዲሴምበር|ዲሴም",
    "ti": "ጥሪ ለካቲት|ለካ መጋቢት|መጋ ሚያዝያ|ሚያ ጉንበት|ግን|ግንቦት ሰነ ሓምለ|ሓም ነሓሰ|ነሓ መስከረም|መስ ጥቅምቲ|ጥቅ ሕዳር|ሕዳ ታሕሳስ|ታሕ",
    "om": "Amajjii|Ama Guraandhala|Gur Bitootessa|bit|bitooteessa Eebila|Elb|elba Cam|caamsa Waxabajjii|Wax "
    "Adoolessa|Ado|adooleessa Hagayya|Hag Fulbaana|Ful|fuulbana Onkoloolessa|Onk|onkololeessa Sadaasa|sad "
    "Mudde|Mud",
    "rw": "Mutarama|mut Gashyantare|gas Werurwe|wer Mata|mat Gicurasi|gic|gicuransi Kamena|kam Nyakanga|nya "
    "Kanama|kan Nzeri|nze|nzeli Ukwakira|ukw Ugushyingo|ugu Ukuboza|uku",
    "mg": "Janoary|Jan Febroary|Feb Martsa|Mar Aprily|Apr Mey Jona|Jon Jolay|Jol Aogositra|Aog Septambra|Sep "
    "Oktobra|Okt Novambra|Nov Desambra|Des",
    "ht": "janvier|janv|janvye|jan février|févr|fevriye mars|mas avril|avr mai|me juin|jen juillet|juil|jiyè août|out "
    "septembre|sept|septanm octobre|oct|oktòb novembre|nov|novanm décembre|déc|desanm",
    "eo": "Januaro|Jan Februaro|Feb Marto|Mar Aprilo|Apr Majo|Maj Junio|Jun Julio|Jul Aŭgusto|Aŭg Septembro|Sep "
    "Oktobro|Okt Novembro|Nov Decembro|Dec",
    "ug": "يانۋار فېۋرال مارت ئاپرېل ماي ئىيۇن ئىيۇل ئاۋغۇست سېنتەبىر ئۆكتەبىر نويابىر دېكابىر",
}

# Weekdays of the larger languages, in no order: they are only told from other words.
WEEKDAYS = (
    "monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thurs fri sat sun "
    "montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag lundi mardi mercredi jeudi vendredi samedi dimanche "
    "lunes martes miércoles jueves viernes sábado domingo segunda terça quarta quinta sexta feira "
    "lunedì martedì mercoledì giovedì venerdì sabato domenica maandag dinsdag woensdag donderdag vrijdag zaterdag zondag "
    "mandag tirsdag onsdag torsdag fredag lørdag søndag måndag tisdag lördag söndag poniedziałek wtorek środa czwartek piątek sobota niedziela "
    "понедельник вторник среда четверг пятница суббота воскресенье понеделник сряда четвъртък петък събота неделя "
    "понеділок вівторок середа четвер п'ятниця субота неділя pazartesi salı çarşamba perşembe cuma cumartesi pazar "
    "senin selasa rabu kamis jumat sabtu minggu الاثنين الثلاثاء الأربعاء الخميس الجمعة السبت الأحد"
)


@cache
def date_words() -> frozenset[str]:
    """The names of months and weekdays that are one word, folded by case: what changes from day to day in a set phrase."""
    months = (name for names in MONTHS.values() for month in names.split() for name in month.split("|"))
    return frozenset(word.casefold() for word in (*months, *WEEKDAYS.split()) if "_" not in word)
