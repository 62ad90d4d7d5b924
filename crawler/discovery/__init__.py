"""Listings as links, pure and without Scrapy: bytes -> Listing.

listing.py   the values: Kind, Listing, Nested
reader.py    any listing by its kind, and which of its links are the publisher's articles
feeds.py     RSS, Atom, JSON Feed
sitemaps.py  urlset, sitemap index, news sitemaps, text, gzip; robots.txt; newest first
sections.py  home and section pages: their article links and the feeds they name
sites.py     whose hosts a listing may name
xml.py       the one XML parser of feeds and sitemaps
"""
