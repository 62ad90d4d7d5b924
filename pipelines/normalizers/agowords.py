"""How the world's languages say "3 hours ago", "yesterday" and the like, one line a language.

The fields, between semicolons: the frames in which `#` stands for number and unit; the words for seconds, minutes, hours
and days; today; yesterday; the day before yesterday. An underscore is a space. Source: Unicode CLDR 47's relative times as
Babel and dateparser give them, with common press spellings by hand. A word that also means tomorrow (Hindi's kal) is left out.
"""

from __future__ import annotations

RELATIVE = {
    "af": "#_gelede; sekondes sekonde s sek; minute minuut min; uur u; dae dag; vandag; gister; ",
    "am": "ከ#_በፊት; ሰከንዶች ሰከንድ; ደቂቃዎች ደቂቃ; ሰዓቶች ሰዓታት ሰዓት; ቀናት ቀን ቀኖች; ዛሬ; ትላንትና ትላንት ትናንት; ",
    "ar": "منذ_#|قبل_#; ثانية ثوان ثواني ثوانٍ; دقيقة دقائق; ساعة ساعات; يوم أيام يوما; اليوم; أمس الأمس البارحة "
        "اليوم_السابق; أول_أمس أول_من_أمس",
    "as": "#_আগতে|#_পূৰ্বে; ছেকেণ্ড; মিনিট; ঘণ্টা; দিন; আজি; কালি; ",
    "az": "#_əvvəl|#_öncə; saniyə; dəqiqə; saat; gün; bu_gün; dünən; ",
    "be": "#_таму; секунды секунду секунд с; хвіліны хвіліну хвілін хвілінаў хв; гадзіны гадзіну гадзін гадзінаў гадз; дня дзень дні дзен дзён д; "
        "сёння сення; учора ўчора; пазаўчора",
    "bg": "преди_#|пр._#|пр_#; секунди секунда сек; минути минута мин; часа час ч; дни ден д; днес; вчера снощи; онзи_ден "
        "завчера",
    "bn": "#_আগে|#_পূর্বে; সেকেন্ড; মিনিট; ঘন্টা ঘণ্টা; দিন; আজ; গতকাল; গত_পরশু",
    "br": "#_zo; eilenn; munut; eur eurvezh; deiz devezh; hiziv; dec'h; ",
    "bs": "prije_#; sekundi sekunde sekundu sek; minuta minute minut min minutu; sati sat sata h; dana dan d; danas; jučer juče; "
        "prekjučer",
    "ca": "fa_#; segons segon s; minuts minut min; hores hora h; dies dia; avui; ahir; abans-d'ahir despús-ahir",
    "ckb": "پێش_#|#_لەمەوپێش|#_پێش_ئێستا; چرکە; خولەک; کاتژمێر سەعات; ڕۆژ رۆژ; ئەمڕۆ ئەمرۆ; دوێنێ; ",
    "cs": "před_#; sekundami sekundou sekundy s; minutami minutou minuty min; hodinami hodinou hodiny h; dny dnem dne; "
        "dnes; včera; předevčírem",
    "cy": "#_yn_ol; eiliad eil; munud mun funud; awr; diwrnod ddiwrnod; heddiw; ddoe; ",
    "da": "for_#_siden|#_siden|for_#; sekunder sekund sek s; minutter minut min m; timer time t h; dage dag; i_dag; i_går; "
        "i_forgårs",
    "de": "vor_#; Sekunden Sekunde Sek s; Minuten Minute Min m; Stunden Stunde Std h; Tagen Tag; heute; gestern; vorgestern",
    "dv": "#_ކުރިން; ސިކުންތު; މިނިޓު މިނެޓު; ގަޑިއިރު; ދުވަސް; މިއަދު; އިއްޔެ; ",
    "el": "πριν_από_#|πριν_#|#_πριν; δευτερόλεπτα δευτερόλεπτο δευτ δ; λεπτά λεπτό λεπ λ; ώρες ώρα ω ώρ; ημέρες ημέρα "
        "μέρες μέρα ημ; σήμερα; χθες χτες; προχθές",
    "en": "#_ago; second seconds sec secs s; minute minutes min mins m; hour hours hr hrs h; day days d; today; yesterday; "
        "day_before_yesterday",
    "eo": "antaŭ_#; sekundoj sekundo; minutoj minuto; horoj horo; tagoj tago; hodiaŭ; hieraŭ; antaŭhieraŭ",
    "es": "hace_#; segundos segundo seg s; minutos minuto min; horas hora h; días día d; hoy; ayer; anteayer antier",
    "et": "#_eest|#_tagasi; sekundi sekundit sek s; minuti min minut minutit; tunni t tund tundi; päeva päev p; täna; eile; üleeile",
    "eu": "duela_#; segundo; minutu; ordu; egun; gaur; atzo; herenegun",
    "fa": "#_پیش|#_قبل; ثانیه; دقیقه; ساعت; روز; امروز; دیروز; پریروز",
    "fi": "#_sitten; sekuntia sekunti s; minuuttia minuutti min; tuntia tunti t; päivää päivä pv; tänään; eilen; "
        "toissapäivänä",
    "fil": "#_ang_nakalipas|#_nakalipas|#_ang_nakaraan; segundo seg; minuto min; oras; araw; ngayong_araw ngayon; kahapon; ",
    "fo": "fyri_#_síðani|#_síðani|fyri_#; sekund sekundir; minuttir minutt; tímar tíma tími; dagar dag; í_dag; í_gjár; ",
    "fr": "il_y_a_#; secondes seconde s; minutes minute min mn; heures heure h; jours jour j; aujourd'hui; hier; avant-hier",
    "fy": "#_lyn; sekonden sekonde; minuten minút; oeren oere; dagen dei; hjoed; juster; ",
    "ga": "#_ó_shin; soicind soic; nóiméad nóim; uair_an_chloig huaire n-uaire uair; lá; inniu; inné; ",
    "gl": "hai_#; segundos segundo s; minutos minuto min; horas hora h; dias dia d; hoxe; onte; ",
    "gu": "#_પહેલાં|#_પહેલા; સેકંડ; મિનિટ; કલાક; દિવસ; આજે; ગઈકાલે; ",
    "ha": "#_da_suka_gabata|#_da_ya_gabata|#_da_ta_gabata|#_da_suka_wuce; dakiku dakika; mintuna minti; awanni awa sa'o'i; "
        "kwanaki kwana; yau; jiya; ",
    "he": "לפני_#; שניות שנייה שנ׳; דקות דקה דק׳; שעות שעה שע׳; ימים יום ימ׳; היום; אתמול; שלשום",
    "hi": "#_पहले|#_पूर्व; सेकंड से. से; मिनट मिनिट मि. मि; घंटे घंटा घंटों घं. घं; दिन दिनों; आज; ; ",
    "hr": "prije_#; sekundi sekundu sekunde s; minuta minutu minute min; sati sat sata h; dana dan d; danas; jučer; "
        "prekjučer",
    "ht": "sa_gen_#|gen_#|depi_#; segonn; minit; èdtan; jou; jodi_a; yè ayè; ",
    "hu": "#_ezelőtt|#; másodperccel másodperce; perccel perce; órával órája; nappal napja; ma; tegnap; tegnapelőtt",
    "hy": "#_առաջ; վայրկյան վրկ վ; րոպե ր; ժամ ժ; օր; այսօր; երեկ; ",
    "id": "#_yang_lalu|#_lalu; detik dtk; menit mnt; jam; hari; hari_ini; kemarin; kemarin_lusa",
    "ig": "#_gara_aga; sekọnd; nkeji; awa elekere; ụbọchị; taa; ụnyaahụ; ",
    "is": "fyrir_#_síðan|fyrir_#; sekúndum sekúndu sek; mínútum mínútu mín; klukkustundum klukkustund klukkutíma klst; dögum degi; "
        "í_dag; í_gær; í_fyrradag",
    "it": "#_fa; secondi secondo sec s; minuti minuto min; ore ora h; giorni giorno gg g; oggi; ieri; l'altro_ieri "
        "altro_ieri",
    "ja": "#_前; 秒; 分; 時間; 日; 今日 本日; 昨日; 一昨日 おととい",
    "jv": "#_kepungkur|#_kapungkur; detik; menit; jam; dina; dina_iki; wingi; ",
    "ka": "#_წინ; წამის წმ; წუთის წთ; საათის სთ; დღის; დღეს; გუშინ; გუშინწინ",
    "kk": "#_бұрын; секунд сек; минут мин; сағат сағ; күн; бүгін; кеше; алдыңгүні",
    "km": "#_មុន; វិនាទី; នាទី; ម៉ោង; ថ្ងៃ; ថ្ងៃនេះ; ម្សិលមិញ; ",
    "kn": "#_ಹಿಂದೆ; ಸೆಕೆಂಡುಗಳ ಸೆಕೆಂಡ್; ನಿಮಿಷಗಳ ನಿಮಿಷದ; ಗಂಟೆಗಳ ಗಂಟೆ; ದಿನಗಳ ದಿನದ; ಇಂದು; ನಿನ್ನೆ; ",
    "ko": "#_전; 초; 분; 시간; 일; 오늘 금일; 어제 작일; 그저께 그제",
    "ku": "berî_#|#_berê; saniye çirke; deqe xulek; saet demjimêr; roj; îro; duh; ",
    "ky": "#_мурун|#_мурн; секунд сек; мүнөт мүн; саат; күн; бүгүн; кечээ; ",
    "lb": "virun_#|viru_#; sekonnen sekonn sek; minutten minutt min; stonnen stonn st; deeg dag d; haut; gëschter; ",
    "lo": "#_ກ່ອນ; ວິນາທີ ວິ; ນາທີ ນທ; ຊົ່ວໂມງ ຊມ; ມື້; ມື້ນີ້; ມື້ວານ; ",
    "lt": "prieš_#; sekundžių sekundę sekundes s sek; minučių minutę minutes min; valandų valandą valandas val; dienų "
        "dieną dienas d; šiandien; vakar; užvakar",
    "lv": "pirms_#; sekundēm sekundes s sek; minūtēm minūtes min; stundām stundas h st; dienām dienas d; šodien; vakar; "
        "aizvakar",
    "mg": "#_lasa|#_lasa_izay; segondra; minitra; ora; andro; androany; omaly; ",
    "mk": "пред_#; секунди секунда сек; минути минута мин; часа час; дена ден; денес; вчера; завчера",
    "ml": "#_മുമ്പ്|#_മുൻപ്; സെക്കൻഡ്; മിനിറ്റ്; മണിക്കൂർ; ദിവസം; ഇന്ന്; ഇന്നലെ; ",
    "mn": "#_өмнө; секундын сек; минутын мин; цагийн ц; өдрийн; өнөөдөр; өчигдөр; уржигдар",
    "mr": "#_पूर्वी; सेकंदां सेकंदा से; मिनिटां मिनिटा मिनि; तासां तासा; दिवसां दिवसा; आज; काल; ",
    "ms": "#_yang_lalu|#_lalu; saat; minit min; jam; hari; hari_ini; semalam; kelmarin",
    "mt": "#_ilu; sekondi sekonda; minuti minuta; sigħat siegħa; jiem jum; illum; ilbieraħ lbieraħ; ",
    "my": "ပြီးခဲ့သည့်_#|လွန်ခဲ့သော_#|လွန်ခဲ့သည့်_#|#_က|#_အကြာက; စက္ကန့်; မိနစ်; နာရီ; ရက်; ယနေ့; မနေ့က; ",
    "nb": "for_#_siden|#_siden|for_#_sidan|#_sidan; sekunder sekundar sekund sek; minutter minuttar minutt min; timer timar time t; dager dagar dag døgn d; i_dag; i_går; "
        "i_forgårs",
    "ne": "#_अघि|#_पहिले|#_अगाडि; सेकेन्ड सेकेण्ड; मिनेट मिनेटअघि; घण्टा घन्टा; दिन; आज; हिजो; अस्ति",
    "nl": "#_geleden; seconden seconde sec; minuten minuut min; uur uren u; dagen dag dgn; vandaag; gisteren; eergisteren",
    "om": "#_darban|#_darbe|#_dura; sekoondiiwwan sekoondii sekondii; daqiiqaawwan daqiiqaa daqiiqa; sa'aatiiwwan sa'aatii sa'aa; guyyoota guyyaa; har'a; kaleessa; ",
    "or": "#_ପୂର୍ବେ; ସେକେଣ୍ଡ ସେ; ମିନିଟ୍ ମି; ଘଣ୍ଟା ଘ; ଦିନ; ଆଜି; ଗତକାଲି; ",
    "pa": "#_ਪਹਿਲਾਂ; ਸਕਿੰਟ; ਮਿੰਟ; ਘੰਟੇ ਘੰਟਾ; ਦਿਨ; ਅੱਜ; ਬੀਤਿਆ_ਕੱਲ੍ਹ; ",
    "pl": "#_temu; sekundy sekundę sekund sek s; minuty minutę minut min; godziny godzinę godzin godz g; dni dzień dnia; "
        "dzisiaj dziś; wczoraj; przedwczoraj",
    "ps": "#_مخكي; ثانيي ثانيه ثانيو; دقيقي دقيقه دقيقو; ساعتونه ساعت ساعته ساعتو; ورځي ورځ ورځو; نن; پرون; ",
    "pt": "há_#|ha_#|#_atrás; segundos segundo seg; minutos minuto min mins; horas hora h; dias dia; hoje; ontem; anteontem",
    "ro": "acum_#|în_urmă_cu_#; de_secunde secundă secunde sec; de_minute minut minute min; de_ore oră ore h; de_zile zi "
        "zile; azi astăzi; ieri; alaltăieri",
    "ru": "#_назад; секунды секунду секунд сек; минуты минуту минут мин; часа час часов ч; дня день дней дн д; сегодня; "
        "вчера; позавчера",
    "sd": "#_پهرين|#_اڳ; سيڪنڊ; منٽ; ڪلاڪ; ڏينهن; اڄ; ڪالهه ڪالھ; ",
    "si": "#කට_පෙර|#_පෙර; තත්පර; මිනිත්තු; පැය; දින; අද; ඊයේ; ",
    "sk": "pred_#; sekundami sekundou sekundy s; minutami minútou minúty min; hodinami hodinou h; dňami dňom dni d; dnes; "
        "včera; predvčerom",
    "sl": "pred_#; sekundami sekundo sekundama s; minutami minuto minutama min; urami uro urama h; dnevi dnevom dnevoma; "
        "danes; včeraj; predvčerajšnjim",
    "so": "#_kahor|kahor_#; ilbiriqsi; daqiiqadood daqiiqo daqiiqad; saacadood saac saacad; maalmood maalin; maanta; "
        "shalay; ",
    "sq": "#_më_parë|para_#; sekonda sekondë sek; minutash minuta min minutë; orësh orë ore; ditësh ditë; sot; dje; pardje",
    "sr": "пре_#|pre_#|прије_#|prije_#; секунди секунде сек sekundi sekunde с; минута минуту минуте мин minuta minute minut min; сати сата сат sati sata "
        "sat h ч; дана дан dana dan д; данас danas; јуче juče; прекјуче prekjuče",
    "su": "#_kaliwat|#_nu_kaliwat; detik; menit; jam; poé; dinten_ieu; kamari; ",
    "sv": "för_#_sedan|#_sedan|för_#_sen; sekunder sekund sek s; minuter minut min; timmar timme tim; dagar dag d; i_dag "
        "idag; i_går igår; i_förrgår förrgår",
    "sw": "#_zilizopita|#_iliyopita; sekunde; dakika; saa masaa; siku; leo; jana; juzi",
    "ta": "#_முன்|#_முன்பு|#_முன்னர்; விநாடிகளுக்கு விநாடிக்கு விநா வி; நிமிடங்களுக்கு நிமிடத்திற்கு நிமிடம் நிமி நி; "
        "மணிநேரத்திற்கு மணிநேரம் மணி_நேரத்திற்கு மணி_நேரம் மணி ம; நாட்களுக்கு நாளுக்கு நா; இன்று; நேற்று; ",
    "te": "#_క్రితం; సెకన్ల సెకను సెక; నిమిషాల నిమిషం నిమి; గంటల గంట గం; రోజుల రోజు; ఈ_రోజు; నిన్న; ",
    "tg": "#_пеш|#_қабл; сония; дақиқа; соат; рӯз; имрӯз; дирӯз; ",
    "th": "#_ที่แล้ว|#_ที่ผ่านมา|#_ก่อน; วินาที; นาที; ชั่วโมง ชม. ชม; วัน; วันนี้; เมื่อวานนี้ เมื่อวาน; เมื่อวานซืน",
    "ti": "ቅድሚ_#|#_ይገብር; ካልኢት; ደቒቕ ደቓይቕ; ሰዓት ሰዓታት; መዓልቲ መዓልታት; ሎሚ; ትማሊ; ",
    "tk": "#_öň|#_ozal; sekunt; minut; sagat; gün; şu_gün; düýn; ",
    "tr": "#_önce; saniye sn; dakika dk; saat sa; gün; bugün; dün; evvelsi_gün önceki_gün",
    "tt": "#_элек; секунд с; минут мин; сәгать сәг; көн; ; ; ",
    "ug": "#_ييلگيري; سيكۇنت; مينۇت; سايهت; كۈن; بۈگۈن; تۈنۈگۈن; ",
    "uk": "#_тому; секунди секунду секунд с секунда; хвилини хвилину хвилин хв хвилина; години годину годин год година; "
        "дня день дні днів дн д; сьогодні; учора вчора; позавчора",
    "ur": "#_پہلے|#_قبل; سیکنڈ; منٹ; گھنٹے گھنٹہ; دن دنوں; آج; گزشتہ_کل; ",
    "uz": "#_oldin|#_avval; soniya; daqiqa; soat; kun; bugun; kecha; ",
    "vi": "#_trước|cách_đây_#; giây; phút; giờ tiếng; ngày; hôm_nay; hôm_qua; hôm_kia",
    "yo": "#_sẹ́yìn; ìṣẹ́jú_ààyá; ìṣẹ́jú; wákàtí; ọjọ́; òní; àná; ",
    "zh": "#_前|#_之前|#_以前; 秒钟 秒 秒鐘; 分钟 分鐘 分; 小时 小時 个小时 個小時 个钟头; 天; 今天 今日; 昨天 昨日; 前天",
    "zu": "#_edlule|#_eledlule|#_ezedlule|#_edlulile; amasekhondi; amaminithi iminithi; amahora ihora; izinsuku usuku; namhlanje; izolo; ",
}  # fmt: skip

# A unit with its number inside the word: (unit, how many). Duals, and singulars that stand without a number.
COUNTED_UNITS = {
    "ساعتين": ("hour", 2),
    "ساعتان": ("hour", 2), "دقيقتين": ("minute", 2), "دقيقتان": ("minute", 2), "يومين": ("day", 2), "ساعة": ("hour", 1),
    "دقيقة": ("minute", 1), "يوم": ("day", 1), "שעתיים": ("hour", 2), "יומיים": ("day", 2), "שעה": ("hour", 1),
    "דקה": ("minute", 1), "יום": ("day", 1), "час": ("hour", 1), "минуту": ("minute", 1), "день": ("day", 1),
    "годину": ("hour", 1), "хвилину": ("minute", 1), "гадзіну": ("hour", 1), "хвіліну": ("minute", 1), "godzinę": ("hour", 1),
    "minutę": ("minute", 1), "hodinou": ("hour", 1), "minutou": ("minute", 1), "минута": ("minute", 1), "sat": ("hour", 1),
    "сат": ("hour", 1), "uro": ("hour", 1), "minuto": ("minute", 1), "valandą": ("hour", 1), "stundas": ("hour", 1),
    "half_an_hour": ("minute", 30), "einer_halben_stunde": ("minute", 30), "une_demi-heure": ("minute", 30), "media_hora": ("minute", 30),
    "meia_hora": ("minute", 30), "mezz'ora": ("minute", 30), "een_half_uur": ("minute", 30), "полчаса": ("minute", 30),
    "пів_години": ("minute", 30), "pół_godziny": ("minute", 30), "půl_hodinou": ("minute", 30), "yarım_saat": ("minute", 30),
    "نصف_ساعة": ("minute", 30), "半小时": ("minute", 30), "半小時": ("minute", 30), "半个小时": ("minute", 30),
    "半個小時": ("minute", 30), "setengah_jam": ("minute", 30), "nửa_giờ": ("minute", 30), "आधे_घंटे": ("minute", 30),
    "klukkustund": ("hour", 1), "awr": ("hour", 1), "ordubete": ("hour", 1),
    "semenit": ("minute", 1), "sehari": ("day", 1), "sejam": ("hour", 1), "tunti": ("hour", 1), "tunni": ("hour", 1), "órája": ("hour", 1), "oră": ("hour", 1),
}  # fmt: skip

# Numbers in words that stand before a unit.
NUMBER_WORDS = {
    1: "a an o one un une uno una ein eine einer einem um uma en ett et een één yksi üks egy μία μια bir jedna jednu jeden один одну "
        "одна една един един satu isa एक এক एउटा ஒரு ఒక ಒಂದು ഒരു یک ایک ერთი մեկ واحده واحد moja daya một unha einni einum një jednou jedną jedan један еден eno vienas vieną бір бир нэг як 한 אחת אחד አንድ hal bat адну адзін واحد",
    2: "two שתי שני δύο deux dos dois duas due zwei twee två to kaksi dwa dwie dvě dva dvije две два дві दो দুই dua iki do kahe két hai",
    3: "three שלוש τρεις három trois tres três tre drei drie kolme trzy tři tri три तीन তিন tiga üç ba",
    4: "four ארבע τέσσερις négy quatre cuatro quatro quattro vier fyra fire neljä cztery čtyři четыре चार",
    5: "five חמש πέντε öt cinq cinco cinque fünf vijf fem viisi pięć pět пять पांच",
    6: "six seis sei sechs zes sex seks kuusi sześć",
    7: "seven sept siete sete sette sieben zeven sju siedem",
    8: "eight huit ocho oito otto acht åtta osiem",
    9: "nine neuf nueve nove neun negen nio",
    10: "ten dix diez dez dieci zehn tien tio",
    11: "eleven onze once undici elf",
    12: "twelve douze doce dodici zwölf",
}  # fmt: skip

# The moment itself. The bare word for `now` is a button as often as a date and is left out.
JUST_NOW = (
    "just now|just in|moments ago|a moment ago|seconds ago|less than a minute ago|a few seconds ago|gerade eben|soeben|vor "
    "wenigen sekunden|à l'instant|il y a quelques instants|il y a quelques secondes|hace un momento|hace instantes|hace "
    "unos segundos|justo ahora|ahora mismo|agora mesmo|há instantes|há pouco|proprio ora|poco fa|zojuist|zonet|just nu|"
    "nyss|akkurat nå|lige nu|juuri nyt|äsken|przed chwilą|právě teď|před chvílí|práve teraz|upravo sada|только что|щойно|"
    "току-що|тек што|μόλις τώρα|az önce|şimdi|baru saja|baru sahaja|vừa xong|เมื่อสักครู่|เมื่อครู่นี้|刚刚|剛剛|たった今|방금|방금 전|"
    "अभी अभी|अभी-अभी|এইমাত্র|ابھی ابھی|همین الان|لحظاتی پیش|الآن فقط|منذ لحظات|קודם לפני רגע|לפני רגע|kani kanina lang|"
    "sasa hivi|chiar acum|éppen most|tik ką|tikko"
)
