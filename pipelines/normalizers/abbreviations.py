"""What a zone's abbreviation or name in words means, country by country.

A meaning is `countries=value`: `*` is everybody not listed, a value is an offset in hours or an IANA zone where the clock
of the day decides (ET follows the season, MSK its history). An abbreviation without `*` is refused outside its countries.
Sources: the IANA time zone database's comments, CLDR's metazones, and RFC 822 section 5.1 for its obsolete zones.
"""

from __future__ import annotations

_ATLANTIC = "CA,PR,BM,BB,TT,DO,AG,AI,AW,BS,CW,DM,GD,GP,GY,KN,LC,MQ,MS,SX,TC,VC,VG,VI"
_ARABIA = "SA,KW,QA,IQ,BH,YE,JO,SY"

ABBREVIATIONS = {
    "UTC": "*=0", "UT": "*=0", "GMT": "*=0", "Z": "*=0", "WET": "*=0", "WEST": "*=1", "CET": "*=1", "CEST": "*=2",
    "MEZ": "*=1", "MESZ": "*=2", "MET": "*=1", "MEST": "*=2", "EET": "*=2", "EEST": "*=3", "OEZ": "*=2", "OESZ": "*=3",
    "HEC": "*=1", "HAEC": "*=2", "IST": "IN,LK=5:30 IE=1 IL,PS=2", "IDT": "*=3", "BST": "GB,IM,JE,GG,GI=1 BD=6",
    "BDT": "BD=6 BN=8", "CST": "US,CA,MX,CR,SV,GT,HN,NI,BZ=-6 " "CN,TW,HK,MO,SG=8 CU=-5 AU=9:30",
    "CDT": "CU=-4 CN,TW=9 AU=10:30 *=-5", "EST": "AU=10 *=-5", "EDT": "AU=11 *=-4", "MST": "US,CA,MX=-7 MY=8 MM=6:30",
    "MDT": "*=-6", "PST": "PH=8 PK=5 *=-8", "PDT": "PH=9 *=-7", "AKST": "*=-9", "AKDT": "*=-8", "HST": "*=-10", "HDT": "*=-9",
    "AST": f"{_ATLANTIC}=-4 {_ARABIA}=3", "ADT": f"{_ATLANTIC}=-3", "NST": "CA=-3:30 NP=5:45", "NDT": "*=-2:30",
    "ET": "*=America/New_York", "CT": "US,CA,MX=America/Chicago", "MT": "US,CA,MX=America/Denver",
    "PT": "US,CA,MX=America/Los_Angeles", "AT": "CA=America/Halifax", "HNE": "*=-5", "HAE": "*=-4", "HNC": "*=-6",
    "HAC": "*=-5", "HNR": "*=-7", "HAR": "*=-6", "HNP": "*=-8", "HAP": "*=-7", "HNA": "*=-4", "HAA": "*=-3", "CHST": "*=10",
    "SST": "AS,WS=-11 SG=8", "WST": "AU=8 WS=13", "AEST": "*=10", "AEDT": "*=11", "AET": "*=Australia/Sydney",
    "ACST": "*=9:30", "ACDT": "*=10:30", "AWST": "*=8", "LHST": "*=10:30", "LHDT": "*=11", "NZST": "*=12", "NZDT": "*=13",
    "NZT": "*=Pacific/Auckland", "FJT": "*=12", "PGT": "*=10", "TOT": "*=13", "SBT": "*=11", "CHAST": "*=12:45",
    "CHADT": "*=13:45", "JST": "*=9", "KST": "KP=Asia/Pyongyang *=Asia/Seoul", "HKT": "*=8", "SGT": "*=Asia/Singapore", "MYT": "*=8",
    "PHT": "*=8", "PHST": "*=8", "WIB": "*=7", "WITA": "*=8", "WIT": "*=9", "ICT": "*=7", "BNT": "*=8", "MMT": "*=6:30",
    "NPT": "*=5:45", "PKT": "*=5", "PKST": "*=6", "BTT": "*=6", "SLST": "*=5:30", "MVT": "*=5", "AFT": "*=4:30",
    "IRST": "*=3:30", "IRDT": "*=4:30", "TRT": "*=3", "MSK": "*=Europe/Moscow", "MSD": "*=4", "SAMT": "*=4",
    "YEKT": "*=Asia/Yekaterinburg", "OMST": "*=Asia/Omsk", "NOVT": "*=Asia/Novosibirsk", "KRAT": "*=Asia/Krasnoyarsk",
    "IRKT": "*=Asia/Irkutsk", "YAKT": "*=Asia/Yakutsk", "VLAT": "*=Asia/Vladivostok", "MAGT": "*=Asia/Magadan",
    "PETT": "*=Asia/Kamchatka", "ALMT": "*=Asia/Almaty", "UZT": "*=5", "KGT": "*=6", "TJT": "*=5", "TMT": "*=5", "AZT": "*=4",
    "GET": "*=4", "AMT": "AM=4 BR=-4", "ULAT": "*=8", "GST": "AE,OM,SA,BH,QA=4", "SAST": "*=2", "CAT": "*=2", "EAT": "*=3",
    "WAT": "*=1", "CVT": "*=-1", "MUT": "*=4", "SCT": "*=4", "RET": "*=4", "BRT": "*=-3", "BRST": "*=-2", "ART": "*=-3",
    "CLT": "*=-4", "CLST": "*=-3", "COT": "*=-5", "PET": "*=-5", "VET": "*=America/Caracas", "BOT": "*=-4", "UYT": "*=-3",
    "PYT": "PY=America/Asuncion", "PYST": "*=-3", "GYT": "*=-4", "ECT": "EC=-5 LC,DM,GD,AG=-4", "GFT": "*=-3", "SRT": "*=-3",
}  # fmt: skip

# Abbreviations that are also words when they do not stand in capitals are only read in capitals; these are read in any case.
ANY_CASE = frozenset(("utc", "gmt", "cest", "edt", "pdt", "aest", "aedt", "мск", "wib", "wita"))

# RFC 822's names, which hold in a date of its form when no country says otherwise.
RFC822 = {"EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7}

# Zones in words, folded, as regular expressions; the value is an abbreviation above, an IANA zone, or `local`.
ZONE_PHRASES = (
    (r"(?:north american )?eastern daylight time", "EDT"), (r"(?:north american )?eastern standard time", "EST"),
    (r"u\.?s\.? eastern(?: time)?|eastern time|hora del este|heure de l'est|(?<=[ap]m )eastern(?! [a-z])|(?<=[ap]\.m\. )eastern(?! [a-z])", "ET"),
    (r"central daylight time", "CDT"), (r"central standard time", "CST"),
    (r"central time|(?<=[ap]m )central(?! [a-z])|(?<=[ap]\.m\. )central(?! [a-z])", "CT"), (r"mountain daylight time", "MDT"),
    (r"mountain standard time", "MST"), (r"mountain time", "MT"), (r"pacific daylight time", "PDT"),
    (r"pacific standard time", "PST"), (r"pacific time|heure du pacifique|(?<=[ap]m )pacific(?! [a-z])|(?<=[ap]\.m\. )pacific(?! [a-z])", "PT"), (r"atlantic daylight time", "ADT"),
    (r"atlantic standard time", "AST"), (r"newfoundland daylight time", "NDT"), (r"alaska daylight time", "AKDT"),
    (r"alaska standard time", "AKST"), (r"hawaii(?:-aleutian)? standard time", "HST"),
    (r"central european summer time|mitteleuropaische sommerzeit", "CEST"),
    (r"central european (?:standard )?time|mitteleuropaische (?:normal)?zeit", "CET"),
    (r"eastern european summer time", "EEST"), (r"eastern european (?:standard )?time", "EET"),
    (r"western european summer time", "WEST"), (r"british summer time", "Etc/GMT-1"), (r"irish standard time", "Etc/GMT-1"),
    (r"greenwich mean time|\bzulu(?: time)?\b|coordinated universal time|بتوقيت (?:غرينتش|جرينتش)|по гринвичу|格林尼治时间|世界标准时间", "UTC"),
    (r"indian? standard time", "Asia/Kolkata"), (r"israel daylight time", "IDT"), (r"israel standard time", "Etc/GMT-2"),
    (r"australian eastern daylight time", "AEDT"), (r"australian eastern standard time", "AEST"),
    (r"australian central standard time", "ACST"), (r"australian western standard time", "AWST"),
    (r"new zealand daylight time", "NZDT"), (r"new zealand standard time", "NZST"), (r"pakistan standard time", "PKT"),
    (r"japan(?:ese)? (?:standard )?time|日本時間|日本时间", "JST"), (r"korean? (?:standard )?time|한국 ?시[간각]", "KST"),
    (r"china (?:standard )?time|beijing time|北京[时時][间間]", "Asia/Shanghai"), (r"台[北灣湾][时時][间間]", "Asia/Taipei"),
    (r"hong kong (?:standard )?time|香港[时時][间間]", "HKT"), (r"singapore (?:standard )?time", "SGT"),
    (r"philippine (?:standard )?time", "PHT"), (r"western indonesian? time|waktu indonesia barat", "WIB"),
    (r"indochina time|gio viet nam", "ICT"), (r"nepal (?:standard )?time", "NPT"),
    (r"bangladesh (?:standard )?time", "Asia/Dhaka"), (r"gulf standard time", "Asia/Dubai"),
    (r"arabian? standard time|بتوقيت (?:مكه(?: المكرمه)?|السعوديه|الرياض)", "Asia/Riyadh"),
    (r"بتوقيت (?:القاهره|مصر)", "Africa/Cairo"), (r"به وقت (?:تهران|ايران)", "Asia/Tehran"),
    (r"turkiye saati(?:yle)?", "TRT"), (r"east(?:ern)? africa time", "EAT"), (r"west africa (?:standard )?time", "WAT"),
    (r"central africa time", "CAT"), (r"south africa(?:n)? standard time", "SAST"), (r"argentina (?:standard )?time", "ART"),
    (r"peru (?:standard )?time", "PET"), (r"colombia (?:standard )?time", "COT"),
    (r"horario de brasilia|hora de brasilia|brasilia (?:standard )?time", "America/Sao_Paulo"),
    (r"hora peninsular|hora de espana", "Europe/Madrid"), (r"heure de paris|paris time|heure francaise", "Europe/Paris"),
    (r"ora italiana|rome time", "Europe/Rome"), (r"london time|uk time|heure de londres|hora de londres", "Europe/London"),
    (r"(?:по )?москов\w+ врем\w+|по москве|moscow (?:standard )?time|(?<!\w)мск(?!\w)", "Europe/Moscow"),
    (r"за киівським часом|по киев\w* времени|по киеву|за киевом|kyiv time", "Europe/Kyiv"),
    (r"new york time|hora de nueva york", "America/New_York"), (r"hora de la ciudad de mexico", "America/Mexico_City"),
    (r"local time|hora local|heure locale|ortszeit|ora locale"
     r"|местного времени|местное время|[当當]地[时時][间間]|현지 ?시[간각]", "local"),
)  # fmt: skip
