"""Who may be connected to, how much is read, and how politely.

guard.py        addresses: the resolver that gives none but allowed ones, and the middleware that says so
lookups.py      names are looked up in threads of their own
certificates.py whose TLS certificates are verified
limits.py       schemes, and compressed bodies that end too early; encodings.py: how they are read
headers.py      response headers with an end
memory.py       how much of bodies is held at once
robots.py       robots.txt: what it forbids, how long it is kept; groups.py: its groups for some robots
tdm.py          a host's file that reserves text and data mining
politeness.py   Retry-After, a page's seconds
hosts.py        Crawl-delay, delays by publisher, one slot a host: the downloader's key, the queue that lets no host take the others' places
failures.py     what went wrong with a request, as a Rejected
pages.py        what was fetched, as a Page
"""
