"""Who may be connected to, how much is read, and how politely.

guard.py        addresses: the resolver that gives none but allowed ones, and the middleware that says so
limits.py       schemes, and compressed bodies that end too early
politeness.py   robots.txt, Crawl-delay, delays by publisher, Retry-After
hosts.py        one slot a host: the downloader's key, the queue that lets no host take the others' places
failures.py     what went wrong with a request, as a Rejected
pages.py        what was fetched, as a Page
"""
