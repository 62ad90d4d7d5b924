"""A hostile web on loopback, and crawls of it by the program that users start.

site.py       the server: a port a host, raw bytes, a log of what was asked when
answers.py    what a fault is made of: heads, bodies, pages, listings
transport.py  faults between two machines: silence, resets, lengths, encodings, redirects
documents.py  pages that are too much for a parser, and pages that are no articles
listings.py   feeds, sitemaps and robots.txt that mislead
crawls.py     one crawl over many hosts, its outcomes and what it cost
"""
