"""Words that stand around dates: parts of the day, labels, fillers and words before a time, in folded form.

Sources: CLDR's day periods, and labels as printed by news sites. Every entry is compared after `scripts.fold`.
"""

from __future__ import annotations

from pipelines.normalizers.scripts import fold_name

# Parts of the day and what they do to an hour of 1-12: `am` and `pm` as in English; `noon` moves 1-6 and 12 into the
# afternoon; `night` is before midnight from 6 on and after it up to 5, and 12 is midnight.
_DAY_PARTS = {
    "am": "ਪੂ.ਦੁ एएम এএম पूर्वाह्न पूर्वान्ह सुबह प्रातः भोर सकाळी बिहान সকাল ভোর পূর্বাহ্ণ পূর্বাহ্ন পূৰ্বাহ্ন ସକାଳ ପୂର୍ବାହ୍ନ ਸਵੇਰੇ "
        "ਪੂਰਵ સવારે காலை முற்பகல் ఉదయం ಬೆಳಗ್ಗೆ ಬೆಳಿಗ್ಗೆ ಪೂರ್ವಾಹ್ನ രാവിലെ පෙව පෙ.ව. ก่อนเที่ยง ກ່ອນທ່ຽງ ព្រឹក နံနက် "
        "上午 凌晨 早上 清晨 早晨 午前 오전 새벽 아침 صباحا صباحًا فجرا ص ق.ظ قبل_از_ظهر قبلازظهر صبح צהריים_לפני לפנה\"צ "
        "בבוקר утра ранку ранку "
        "раніцы сутринта ujutro изјутра du_matin de_la_mañana de_la_madrugada da_manhã da_madrugada del_mattino di_mattina "
        "morgens vormittags früh pagi sáng asubuhi ng_umaga umaga subaxnimo safiya öö sabah da_safe delelőtt délelőtt "
        "dopoledne dopoludnia rano przed_południem enne_lõunat aamulla πμ π.μ. п.д. տպ ጥዋት ጠዋት 午前中 e_paradites paradite "
        "이른아침 förmiddag formiddag",
    "pm": "ਬਾ.ਦੁ पीएम পিএম अपराह्न अपरान्ह शाम सांझ साँझ स'ञ सायं सायंकाल सायंकाळी संध्याकाळी बेलुका বিকাল বিকেল সন্ধ্যা অপরাহ্ণ অপরাহ্ন ਸ਼ਾਮ "
        "ਬਾਅਦ_ਦੁਪਹਿਰ સાંજે மாலை பிற்பகல் సాయంత్రం ಸಂಜೆ ಅಪರಾಹ್ನ വൈകിട്ട് വൈകുന്നേരം ප.ව. පව หลังเที่ยง ຫຼັງທ່ຽງ ល្ងាច ညနေ "
        "مساءا عصرا 下午 傍晚 晚上 晚间 晚間 午後 오후 저녁 مساء مساءً م ب.ظ بعد_از_ظهر بعدازظهر عصر אחה\"צ אחר_הצהריים בערב "
        "вечера дня вечора "
        "wieczorem po_południu odpoledne popoludní odpoludnia de_la_tarde de_la_noche da_tarde da_noite "
        "del_pomeriggio di_sera du_soir de_l'après-midi nachmittags abends petang sore chiều tối jioni ng_hapon hapon "
        "ng_gabi gabi galabnimo fiidnimo yamma ös akşam délután este e_pasdites pasdite μμ μ.μ. popoldne zvečer popodne "
        "poslijepodne uveče navečer ከሰዓት eftermiddag ettermiddag",
    "noon": "ظهرا दोपहर दुपारी दिउँसो দুপুর ਦੁਪਹਿਰ બપોરે மதியம் நண்பகல் మధ్యాహ్నం ಮಧ್ಯಾಹ್ನ ഉച്ചയ്ക്ക് နေ့လယ် 中午 siang "
        "tanghali trưa mchana tengah_hari mittags mezzogiorno",
    "night": "रात रात्री राति রাত ਰਾਤ રાત્રે இரவு రాత్రి ರಾತ್ರಿ രാത്രി යයි យប់ ည 深夜 夜间 夜 夜里 밤 ليلا شب בלילה "
        "ночи ночі "
        "malam đêm usiku nachts gece noci w_nocy habeennimo",
}  # fmt: skip

# Short words that are a part of the day in one language only.
_LANGUAGE_DAY_PARTS = {
    "af": ("vm", "nm"), "am": ("ጥዋት", "ከሰዓት"), "bg": ("пр.об", "сл.об"), "cs": ("dop", "odp"), "cy": ("yb", "yh"),
    "el": ("πμ πρωί", "μμ απόγευμα βράδυ"), "et": ("el", "pl"), "fi": ("ap", "ip"), "fo": ("fp", "sp"), "hu": ("de", "du"), "is": ("fh", "eh"),
    "lv": ("priekšp", "pēcp"), "lt": ("priešpiet", "popiet"), "mk": ("претпл претпладне", "попл попладне"), "ms": ("pg", "ptg"),
    "mn": ("үө өглөөний", "үх оройн"), "hy": ("կա առավոտյան", "կհ երեկոյան"), "sl": ("dop", "pop"), "sq": ("pd p.d", "md m.d"), "sr": ("пре_подне pre_podne", "по_подне po_podne"),
    "sv": ("fm", "em"), "tr": ("öö", "ös"), "uk": ("дп", "пп"), "ur": ("صبح", "شام"), "uz": ("to", "tk"), "vi": ("sa", "ch"),
    "ky": ("тң", "тк"), "so": ("sn gh", "gn gd"), "ti": ("ንጉሆ_ሰዓተ ቅ.ቀ.", "ድሕር_ሰዓት ድ.ቀ."), "ha": ("sf", "ym"), "om": ("wd", "wb"),
    "sd": ("صبح", "شام"), "ckb": ("ب.ن", "د.ن"), "fil": ("n.u.", "n.h. n.g."), "mt": ("qn", "wn"), "ku": ("bn", "pn"), "yo": ("àárọ̀", "ọ̀sán"), "to": ("hh", "ea"),
    "hr": ("prije_podne prijepodne", "poslije_podne"), "bs": ("prije_podne prijepodne", "poslije_podne"), "nl": ("ochtends", "avonds"),
    "be": ("раніцы", "вечара"), "ro": ("dimineața", "după-amiaza seara"), "az": ("səhər", "axşam"), "kk": ("таңғы таңертең", "кешкі"),
    "ka": ("დილით", "საღამოს"), "ca": ("del_matí", "de_la_tarda del_vespre"),
    "he": ("לפנה\"צ", "אחה\"צ"),
}  # fmt: skip

# Words that may stand between the parts of a date without meaning anything.
_FILLERS = (
    "of the de del d di da do dos le la el les on at a à as às in um den der dem il lo o os an year år ano año an gada g "
    "год года года году года р рік року років м m d дня д др сене yil yili yilning жыл жылғы жылы жылдын жылдың елның оны "
    "он ны р өдөр eko ko ren aren ean n st nd rd th er re e ª º ο η του της το στις στη nam năm ngày tahun tgl tanggal den "
    "dne dňa dnia roku rok kl ker th lea bliain a_bhliain म ई ई. को का की के तारीख रोजी रोज এর তারিখ খ্রি খ্রিস্টাব্দ তম "
    "ம் ஆம் தேதி వ తేదీ ರಂದು ന് તા ના ਨੂੰ دن ء م ميلادي ميلادية الموافق الموافقه للعام عام سنة مورخ مورخه سال ه.ش של ב ה "
    "ปี วันที่ ที่ พ.ศ พศ ค.ศ คศ ឆ្នាំ ខែ ថ្ងៃទី ခုနှစ် နှစ် ရက် ရက်နေ့ လ ປີ ວັນທີ ເດືອນ წლის წელი წ թ թվական թվականի ի "
    "mwezi tarehe na ta ga watan sha bisha ዓ.ም ዓ.ም. ቀን go й го е ое ші шы нші ıncı inci nci lik day ng ika ж د në osu oṣù මස соли nji njy nyj ê ی"
)

# Words that announce a time of day even when it is written with a dot or as a bare hour.
_TIME_WORDS = (
    "las orën во във klockan klokka pulksten godzinie ώρα kl klo kell klukkan um om ob u à a_las a_la às alle ore ora orele at saa saat pukul jam lúc เวลา ساعت ساعه الساعه في "
    "godz godzina v ve o у в о об plkst val h στις klokken uur kello hours hrs vid luc tsi"
)

# Beginnings of words that label the date after them; one with a full stop is the whole word.
_PUBLISHED_LABELS = (
    "publi posted veröffentlich erschienen erstellt geplaatst gepubliceerd opublikow pubblicat postat "
    "опублик надруков розміщ створен објав objav zverejn vydan vydáno közzé megjelen julkaistu julkaist avaldatud "
    "lisatud paskelbt publicēts yayın eklenme giriş đăng xuất_bản diterbitkan dipublikasikan "
    "tayang diposting terbit ditayangkan inilathala birt δημοσι نشر تم_النشر تاريخ_النشر منشور انتشار منتشر "
    "פורסם פרסום प्रकाशित प्रकाशन पोस्ट প্রকাশ வெளியிட பதிவு ప్రచురి ಪ್ರಕಟ പ്രസിദ്ധീ പോസ്റ്റ് પ્રકાશિત "
    "ਪ੍ਰਕਾਸ਼ ପ୍ରକାଶ เผยแพร่ โพสต์ ផ្សាយ ထုတ်ဝေ 发布 發布 发表 發表 刊登 公開 掲載 配信 投稿 入力 입력 게재 등록 작성 송고 "
    "created issued released first_published originally_published original added aired argitaratu imechapishwa ilichapishwa "
    "uploaded written post_date pub._date release_date online_since filed submitted erstveröffentlich online_seit eingestellt créé_le "
    "mis_en_ligne mise_en_ligne parution posté_le paru_le creado creada subido criado postado postada creato pubblicazion inserito "
    "aangemaakt verschenen online_sinds skapad inlagd opprettet lagt_ut udgivet oprettet offentliggjort lagt_op luotu julkaisu lisätty "
    "útgefið skráð loodud ilmunud pievienots ievietots sukurta įkelta dodan utworz vložen vytvořen vytvoren pridané létrehoz feltölt "
    "creat. adăugat kreiran postavljen ustvarjen креиран публикув създаден добавен публик создан размещ добавлен выложен опублік публік "
    "додано оприлюдн апублік створан дададзен размешч καταχωρ δημιουργήθ αναρτ ανάρτ oluştur dərc_olun yayımlan yerləşdir жариялан қосылған "
    "e'lon_qilin chop_etil joylan հրապարակ გამოქვეყნ დამატებ нийтэл нийтлэ оруулсан נוצר עלה_לאוויר أنشئ كتب_في درج_شده شائع اشاعت خپور خپرېد "
    "पब्लिश जारी प्रसिद्ध পোস্ট வெளியீடு வெளியான பிரசுரி ప్రచురణ పోస్ట్ పబ్లిష్ ಪೋಸ್ಟ್ પોસ્ટ પ્રસિદ્ધ ਪੋਸਟ ප්‍රකාශ පළ_කළ ลงเมื่อ ตีพิมพ์ ເຜີຍແຜ່ ဖော်ပြ phát_hành "
    "diunggah dipublish ditulis dibuat rilis dipaparkan disiarkan dikemukakan nailathala na-post iliyochap imewek 公布 创建 創建 首发 首發 發佈 上传 "
    "上傳 出版 建立 刊出 上线 上線 初出 발행 승인 게시 sortu postuar krijuar gepubliseer geplaas foilsith foilsío cyhoeddwyd ippubblikat የታተመ ታተመ "
    "la_daabacay an_wallafa yanditswe"
)
_MODIFIED_LABELS = (
    "updat last_updat modif last_modif edited revised correct amended refreshed mis_a_jour maj_le actuali atuali "
    "alterad aggiorn ultimo_agg modific aktuali geupdatet uberarbeitet geandert bijgewerkt gewijzigd laatst_ uppdater "
    "oppdater opdater sist_oppd senast senest endret andret paivitet muokat viimeksi zaktualiz aktualiz zmodyf "
    "ostatnia_akt frissit modosit utolso_ обнов измен отредакт дополн оновл змін отред актуализ ажурир azurir izmen izmjen "
    "posodob spremenj atnaujin redaguot atjaun atjauninats labots uuend muudet ενημερ τελευταια τροποπ gunce son_guncel "
    "yenilen تحديث اخر_تحديث تعديل عدل بروزرساني به_روز ويرايش اخرين_ update עודכן עדכון अपडेट अद्यतन संशोधित अंतिम आखरी "
    "আপডেট হালনাগাদ সর্বশেষ புதுப்பிக்க நவீன అప్‌డేట్ నవీక తాజా ಅಪ್‌ಡೇಟ್ ನವೀಕ അപ്ഡേറ്റ് പുതുക്കി અપડેટ ਅਪਡੇਟ ਅੱਪਡੇਟ ଅପଡେଟ "
    "ปรับปรุง แก้ไข อัปเดต อัพเดท ធ្វើបច្ចុប្បន្នភាព 更新 修改 编辑 編輯 改訂 수정 최종수정 업데이트 갱신 cap_nhat "
    "diperbarui diupdate pembaruan "
    "kemas_kini dikemas na-update imesasishwa nuashonraithe diweddarwyd eguneratu actualitz modificat uppfært stand. "
    "به‌روز редакт கடைசி changed upd. reviewed letzte_änderung bearbeitet mise_à_jour maj_: maj: corrigé_le editad editato agg. aangepast geactualiseerd ändrad "
    "ändrat ændret redigeret redigert korjattu muutettu breytt täiendatud papildināts pakeista papildyta zmienion edytowan modyfik upraven "
    "změněn zmenen poslední_změna posledná_zmena editován frissül szerkeszt editat osvježen osvežen izmijen измењ измјењ sprememb промян "
    "промен відред доповн абноўл зменен адрэдаг ανανεώθ düzenlen değiştir yenilən dəyişdir redaktə жаңарт өзгерт yangilan o'zgartir թարմաց განახლ "
    "шинэчл шинэчил засвар תוקן التحديث التعديل تم_التحديث تم_التعديل حدث_في اپ_ڈیٹ اپڈیٹ تازہ_کاری تازه_شوی اپډېټ अद्ययावत सुधारित अद्यावधिक परिमार्जन "
    "সংশোধিত மாற்றம் அப்டேட் மேம்படுத்த ಪರಿಷ್ಕೃತ સુધાર යාවත්කාලීන อัพเดต ປັບປຸງ ອັບເດດ កែប្រែ ပြင်ဆင် မွမ်းမံ chỉnh_sửa diubah diedit perbarui "
    "kemaskini isinapanahon ilisasish iliyosasish imeharir imebores 修订 修訂 改稿 修正 アップデート aldatu azken_egun përditës ndryshuar azhurnu "
    "bygewerk opgedateer nuashonraí aġġornat የተሻሻለ የዘመነ ተሻሽሏል la_cusboon an_sabunta"
)


def day_parts(language: str | None) -> dict[str, str]:
    """Folded word to `am`, `pm`, `noon` or `night`, with the short words of one language."""
    words = {fold_name(name): part for part, names in _DAY_PARTS.items() for name in names.split()}
    for part, names in zip(("am", "pm"), _LANGUAGE_DAY_PARTS.get(language or "", ()), strict=False):
        words |= {fold_name(name): part for name in names.split()}
    return words


def _folded(names: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(fold_name(name) for name in names.split()))


FILLERS = frozenset(_folded(_FILLERS))
TIME_WORDS = frozenset(_folded(_TIME_WORDS))
PUBLISHED_LABELS = _folded(_PUBLISHED_LABELS)
MODIFIED_LABELS = _folded(_MODIFIED_LABELS)
