"""News agencies by the names that bylines and sign-offs give them. The long name is what the contract's `agency` says."""

from __future__ import annotations

import re

AGENCIES = {
    "ap": "Associated Press", "associated press": "Associated Press", "the associated press": "Associated Press",
    "afp": "AFP", "agence france-presse": "AFP", "agence france presse": "AFP", "reuters": "Reuters", "thomson reuters": "Reuters",
    "dpa": "dpa", "dpa-afx": "dpa-AFX", "apa": "APA", "ats": "Keystone-ATS", "keystone-sda": "Keystone-SDA", "sda": "Keystone-SDA",
    "ansa": "ANSA", "efe": "EFE", "agencia efe": "EFE", "europa press": "Europa Press", "lusa": "Lusa", "belga": "Belga", "anp": "ANP",
    "ntb": "NTB", "tt": "TT", "ritzau": "Ritzau", "stt": "STT", "pap": "PAP", "ctk": "ČTK", "čtk": "ČTK", "tasr": "TASR", "mti": "MTI",
    "agerpres": "Agerpres", "bta": "BTA", "бта": "BTA", "bgnes": "BGNES", "hina": "HINA", "tanjug": "Tanjug", "beta": "Beta", "ana-mpa": "ANA-MPA",
    "tass": "TASS", "тасс": "TASS", "ria novosti": "RIA Novosti", "риа новости": "RIA Novosti", "interfax": "Interfax", "интерфакс": "Interfax",
    "ukrinform": "Ukrinform", "укрінформ": "Ukrinform", "unian": "UNIAN", "aa": "Anadolu Agency", "anadolu agency": "Anadolu Agency", "dha": "DHA",
    "pti": "PTI", "press trust of india": "PTI", "ani": "ANI", "ians": "IANS", "uni": "UNI", "app": "APP", "bernama": "Bernama", "antara": "Antara",
    "xinhua": "Xinhua", "新华社": "Xinhua", "kyodo": "Kyodo", "共同通信": "Kyodo", "jiji": "Jiji", "時事通信": "Jiji", "yonhap": "Yonhap", "연합뉴스": "Yonhap",
    "kcna": "KCNA", "cna": "CNA", "vna": "VNA", "aap": "AAP", "the canadian press": "The Canadian Press", "canadian press": "The Canadian Press",
    "press association": "PA Media", "pa media": "PA Media", "upi": "UPI", "bloomberg": "Bloomberg", "wam": "WAM", "spa": "SPA", "petra": "Petra", "mena": "MENA",
    "irna": "IRNA", "isna": "ISNA", "the conversation": "The Conversation", "project syndicate": "Project Syndicate", "tribune news service": "Tribune News Service",
}  # fmt: skip
# Short names that are words of some language: an agency only where they stand in capitals.
_CAPITALS_ONLY = frozenset({"ap", "aa", "uni", "tt", "sda", "beta", "mena", "spa", "app", "ani", "cna", "pap", "apa", "ats"})


def agency_of(name: str) -> str | None:
    """The agency that a name is, else None."""
    key = re.sub(r"[\s.()\[\]]+", " ", name).strip().casefold()
    if key in _CAPITALS_ONLY and not name.strip(" ().[]").isupper():
        return None
    return AGENCIES.get(key)
