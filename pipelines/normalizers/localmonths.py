"""Month names of languages with a smaller press, in the form of `months.MONTHS`.

Source: Unicode CLDR 47 as Babel gives it; those of Cebuano's kin, Lingala, Kinyarwanda's kin and the Pacific by hand. They are
read in a text of their own language only: in one of an unknown language many would be another language's word.
"""

from __future__ import annotations

LOCAL_MONTHS = {
    "ast": "xineru|xin febreru|feb marzu|mar abril|abr mayu|may xunu|xun xunetu|xnt agostu|ago setiembre|set ochobre|och payares|pay avientu|avi",
    "bm": "zanwuye|zan feburuye|feb marisi|mar awirili|awi mɛ zuwɛn|zuw zuluye|zul uti sɛtanburu|sɛt ɔkutɔburu|ɔku nowanburu|now desanburu|des",
    "dv": "ޖެނުއަރީ|ޖަނަވަރީ ފެބްރުއަރީ|ފެބުރުވަރީ މާރިޗު|މާޗް|މާރޗް އޭޕްރިލް|އެޕްރިލް|އޭޕުރިލް މެއި|މޭ|މެއިއެ ޖޫން ޖުލައި|ޖުލާއި އޮގަސްޓު|އޯގަސްޓް|އޮގަސްޓް|އޯގަސްޓު "
    "ސެޕްޓެމްބަރު|ސެޕްޓެންބަރު|ސެޕްޓެމްބަރ އޮކްޓޫބަރު|އޮކްޓޯބަރު|އޮކްޓޫބަރ ނޮވެމްބަރު|ނޮވެންބަރު|ނޮވެމްބަރ ޑިސެމްބަރު|ޑިސެންބަރު|ޑިސެމްބަރ",
    "fj": "Janueri Feperueri Maji Epereli Me Jiune Jiulai Okosita Seviteba Okotova Noveba Tiseba",
    "fy": "Jannewaris|Jan Febrewaris|Feb Maart|Mrt April|Apr Maaie|Mai Juny|Jun July|Jul Augustus|Aug Septimber|Sep Oktober|Okt "
    "Novimber|Nov Desimber|Des",
    "kea": "Janeru|Jan Febreru|Feb Marsu|Mar Abril|Abr Maiu|Mai Junhu|Jun Julhu|Jul Agostu|Ago Setenbru|Set Otubru|Otu Nuvenbru|Nuv Dizenbru|Diz",
    "kl": "januari febr marsi apri maaj juuni juuli aggu sept okto nove dece",
    "la": "Ianuarii|Ianuarius Februarii|Februarius Martii|Martius Aprilis Maii|Maius Iunii|Iunius Iulii|Iulius Augusti|Augustus "
    "Septembris|September Octobris|October Novembris|November Decembris|December",
    "lg": "Janwaliyo|Jan Febwaliyo|Feb Marisi|Mar Apuli|Apu Maayi|Maa Juuni|Juu Julaayi|Jul Agusito|Agu Sebuttemba|Seb Okitobba|Oki Novemba|Nov Desemba|Des",
    "ln": "yanwali|yanuali febwali|febuali marsi|malisi aprili|apili mai yuni|yuin yuli|yuil ogusti|augusto septembe|setembe oktobe|ɔkɔtɔ́bɛ novembe desembe",
    "mi": "Hānuere|Kohitātea Pēpuere|Huitanguru Maehe|Poutūterangi Āperira|Paengawhāwhā Mei|Haratua Hune|Pipiri Hūrae|Hōngongoi Ākuhata|Hereturikōkā "
    "Hepetema|Mahuru Oketopa|Whiringa-ā-nuku Noema|Whiringa-ā-rangi Tīhema|Hakihea",
    "nso": "Janaware|Jan Feberware|Feb Matšhe|Mat Aporele|Apo Mei June|Jun Julae|Jul Agostose|Ago Setemere|Set Oktobore|Okt Nofemere|Nof Disemere|Dis",
    "ny": "Januwale|Januale Febuluwale|Febuluwari Malichi|Marichi Epulo|Epuro Meyi Juni Julayi|Julaye Ogasiti|Ogasti Seputembala Okutobala Novembala Disembala",
    "pap": "yanüari febrüari mart aprel mei yüni yüli ougùstùs sèptèmber òktober novèmber desèmber",
    "rm": "schaner|schan favrer|favr mars avrigl|avr matg zercladur|zercl fanadur|fan avust settember|sett october|oct november|nov december|dec",
    "rn": "Nzero Ruhuhuma Ntwarante Ndamukiza Rusama Ruheshi Mukakaro Nyandagaro Nyakanga Gitugutu Munyonyo Kigarama",
    "se": "ođđajagemán guovvamán njukčamán cuoŋománnu|cuoŋomán miessemán geassemán suoidnemán borgemán čakčamán golggotmán skábmamán juovlamán",
    "sm": "Ianuari Fepuari Mati Aperila Me Iuni Iulai Aokuso Setema Oketopa Novema Tesema",
    "sn": "Ndira Kukadzi Kurume Kubvumbi Chivabvu Chikumi Chikunguru Nyamavhuvhu Gunyana Gumiguru Mbudzi Zvita",
    "st": "Pherekgong|Phesekgong Hlakola Hlakubele Mmesa|Mmese Motsheanong Phupjane Phupu Phato|Phata Leotshe|Lwetse Mphalane Pudungwana|Pulungoana Tshitwe",
    "tg": "Январ|Янв Феврал|Фев Март|Мар Апрел|Апр Май Июн|июни Июл|июли Август|Авг Сентябр|Сен Октябр|Окт Ноябр|Ноя Декабр|Дек",
    "tn": "Ferikgong Tlhakole Mopitlo Moranang Motsheganang|Motsheganong Seetebosigo Phukwi Phatwe Lwetse Diphalane Ngwanatsele Sedimonthole",
    "to": "Sānuali|Sān Fēpueli|Fēp Maʻasi|Maʻa ʻEpeleli|ʻEpe Mē Sune|Sun Siulai|Siu ʻAokosi|ʻAok Sēpitema|Sepitema|Sēp ʻOkatopa|ʻOka Nōvema|Nōv Tīsema|Tīs",
    "ts": "Sunguti Nyenyenyani|Nyenyenyana Nyenyankulu Dzivamisoko Mudyaxihi Khotavuxika Mawuwani Mhawuri Ndzhati|Ndzati Nhlangula Hukuri N'wendzamhala",
    "wo": "Samwiyee|Sam Fewriyee|Few Mars|Mar Awril|Awr Mee Suwe|Suw Sulet|Sul Ut Sàttumbar|Sàt Oktoobar|Okt Nowàmbar|Now Desàmbar|Des",
}
