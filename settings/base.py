"""What every environment shares. A value that differs from Scrapy's says why, with Scrapy's default.

The NEWS_* settings are texts here, whether they come from a variable, from `-s` or from a settings file;
`crawler.commands.checks` checks them all before a run starts. docs/settings.md lists them.
"""

from settings import env

BOT_NAME = "dateline"
SPIDER_MODULES = ["crawler.spiders"]
NEWSPIDER_MODULE = "crawler.spiders"
COMMANDS_MODULE = "crawler.commands"

NEWS_SINK = env.text("NEWS_SINK", (env.PROJECT / "var" / "lake").as_uri())
NEWS_STORE = env.text("NEWS_STORE", (env.PROJECT / "var" / "store.sqlite").as_uri().replace("file", "sqlite", 1))
NEWS_PUBLISHERS = env.text("NEWS_PUBLISHERS", "")  # a further folder of publisher files; default none
NEWS_WORKERS = env.text("NEWS_WORKERS", "0")  # extraction processes; default 0: one a core less one, at least one
NEWS_PAGE_SECONDS = env.text("NEWS_PAGE_SECONDS", "10")  # wall seconds one page may take in a worker
NEWS_PAGE_MIB = env.text("NEWS_PAGE_MIB", "512")  # MiB one page may allocate in a worker
NEWS_ARTICLE_PAGES = env.text("NEWS_ARTICLE_PAGES", "10")  # pages that one article is put together from at the most
NEWS_PART_MIB = env.text("NEWS_PART_MIB", "64")  # compressed MiB at which a part is closed
NEWS_PART_SECONDS = env.text("NEWS_PART_SECONDS", "900")  # age in seconds at which a part is closed
NEWS_PART_COMPRESSION = env.text("NEWS_PART_COMPRESSION", "gzip")  # of parts: gzip or zstd
NEWS_RECHECK_HOURS = env.text("NEWS_RECHECK_HOURS", "1,6,24,168")  # ages at which an article is looked at again; none: never
NEWS_GRACE_SECONDS = env.text("NEWS_GRACE_SECONDS", "86400")  # how long compaction leaves replaced parts to their readers
NEWS_LOOK_DAYS = env.text("NEWS_LOOK_DAYS", "7")  # days between looks at a site for listings its file does not name; 0: never
NEWS_LISTING_MIN_SECONDS = env.text("NEWS_LISTING_MIN_SECONDS", "0")  # shortest time between visits of a listing; 0: every run
NEWS_LISTING_MAX_SECONDS = env.text("NEWS_LISTING_MAX_SECONDS", "86400")  # the longest; a silent listing is visited this often
NEWS_OUTBOX_MIB = env.text("NEWS_OUTBOX_MIB", "1024")  # MiB of articles that may wait for the sink before fetching stops
NEWS_END_SECONDS = env.text("NEWS_END_SECONDS", "60")  # seconds that the end of a run waits for its sink
NEWS_S3_ENCRYPTION = env.text("NEWS_S3_ENCRYPTION", "")  # AES256, aws:kms or aws:kms:dsse; default: the bucket's own
NEWS_S3_KMS_KEY = env.text("NEWS_S3_KMS_KEY", "")  # id or ARN of the key; default: the account's own for S3
NEWS_S3_STORAGE_CLASS = env.text("NEWS_S3_STORAGE_CLASS", "")  # of parts; default: STANDARD
NEWS_S3_TAGS = env.text("NEWS_S3_TAGS", "")  # name=value, separated by commas; default none
NEWS_S3_REQUESTER_PAYS = env.text("NEWS_S3_REQUESTER_PAYS", "false")  # true: requests to another's bucket are paid for
NEWS_QUARANTINE_MIB = env.text("NEWS_QUARANTINE_MIB", "256")  # compressed MiB of pages that could not be processed
NEWS_ALLOW_NETWORKS = env.text("NEWS_ALLOW_NETWORKS", "")  # CIDRs beyond the public internet that may be connected to
NEWS_METRICS_FILE = env.text("NEWS_METRICS_FILE", "")  # a .prom file for node_exporter's textfile collector; default none
NEWS_METRICS_PUSH = env.text("NEWS_METRICS_PUSH", "")  # address of a Pushgateway; default none
NEWS_WEBHOOK = env.text("NEWS_WEBHOOK", "")  # address that is told of degraded and failed runs and of alarms; default none
NEWS_LOG_JSON = env.text("NEWS_LOG_JSON", "false")  # true: each line of a crawl's log is a JSON object
NEWS_CONTACT = env.text("NEWS_CONTACT", "")  # a URL or mail address that site owners can complain to

USER_AGENT = f"Dateline/0.1 (+{NEWS_CONTACT})" if NEWS_CONTACT else "Dateline/0.1"
ROBOTSTXT_USER_AGENT = "Dateline"  # default None: the whole User-Agent line

ITEM_PIPELINES = {"pipelines.item_pipelines.ArticlePipeline": 300}
# Pages wait in memory while they are extracted; default 100.
CONCURRENT_ITEMS = 16

# One CPU second is worth some forty pages, a site's patience far fewer.
CONCURRENT_REQUESTS = 32  # default 16
CONCURRENT_REQUESTS_PER_DOMAIN = 2  # default 8
DOWNLOAD_DELAY = 1.0  # seconds; default 0; a publisher file's `delay` overrides it
# A host's delay follows the time that it takes to answer, upwards from DOWNLOAD_DELAY; a stated delay is kept as it is.
AUTOTHROTTLE_ENABLED = True  # default False
AUTOTHROTTLE_START_DELAY = 0.0  # default 5.0: DOWNLOAD_DELAY is where it starts
AUTOTHROTTLE_MAX_DELAY = 30.0  # seconds; default 60.0
DOWNLOAD_TIMEOUT = 30  # seconds, a page with its redirects; default 180
DOWNLOAD_MAXSIZE = 10 * 1024 * 1024  # bytes, decoded; default 1 GiB
DOWNLOAD_WARNSIZE = 0  # default 32 MiB: the limit above says it already
DOWNLOAD_VERIFY_CERTIFICATES = True  # default False
ROBOTSTXT_OBEY = True  # default False
URLLENGTH_LIMIT = 0  # default 2083: a longer link would vanish without an outcome
COOKIES_ENABLED = False  # default True: a crawler that no site can track by session
METAREFRESH_ENABLED = False  # default True: it parses every page again (7.9 -> 5.8 ms a page)
REDIRECT_MAX_TIMES = 5  # default 20
# Default: none. A page that was cached as unchanged would be so for a store that has never seen it.
HTTPCACHE_IGNORE_HTTP_CODES = [304]
RETRY_TIMES = 2
# Default: these and DownloadTimeoutError. A host that let a page's time pass would take it twice more; a later run tries again.
RETRY_EXCEPTIONS = [
    "scrapy.exceptions.CannotResolveHostError",
    "scrapy.exceptions.DownloadConnectionRefusedError",
    "scrapy.exceptions.DownloadFailedError",
    "scrapy.exceptions.ResponseDataLossError",
]
RETRY_GIVE_UP_LOG_LEVEL = "DEBUG"  # default ERROR: such a page has its outcome, which is counted

# No listening port, no remote execution, no handler that reads this machine.
TELNETCONSOLE_ENABLED = False  # default True
REMOTE_CONTROL_ENABLED = False  # default True: it executes Python
DOWNLOAD_HANDLERS = {
    # Holds a host's requests while it is paused: middlewares see a 429 only after the next request has left.
    # It is politeness.PoliteHandler, which ends what is on its way when the run is asked to stop.
    "http": "crawler.extensions.ending.EndingHandler",
    "https": "crawler.extensions.ending.EndingHandler",
    "data": None,
    "file": None,
    "ftp": None,
    "s3": None,
}
# Who may be connected to is decided on the resolved address; a proxy would resolve names itself.
TWISTED_DNS_RESOLVER = "crawler.network.guard.GuardedResolver"
HTTPPROXY_ENABLED = False  # default True
DOWNLOADER = "crawler.network.hosts.HostDownloader"
SCHEDULER_PRIORITY_QUEUE = "crawler.network.hosts.HostQueue"
DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,  # it lets all pass where robots.txt answers 5xx
    "crawler.network.robots.RobotsMiddleware": 100,
    "crawler.network.tdm.TdmMiddleware": 105,  # a host's file is asked for only where its robots.txt allows
    "crawler.network.limits.WholeBodies": 595,  # before HttpCompression (590) unpacks the body
    "crawler.network.guard.AddressGuard": 860,
}
NEWS_PAUSE_SECONDS = env.text("NEWS_PAUSE_SECONDS", "30")  # pause of a host after a 429 that names no time
NEWS_HOST_PAGES = env.text("NEWS_HOST_PAGES", "1000")  # pages that one run asks of a host at most
NEWS_HOST_LISTINGS = env.text("NEWS_HOST_LISTINGS", "250")  # listings that a host's own listings name, the same
NEWS_HOST_FAILURES = env.text("NEWS_HOST_FAILURES", "10")  # requests in a row without an answer, then the host is left alone
NEWS_HOST_SECONDS = env.text("NEWS_HOST_SECONDS", "1800")  # what one run waits for one host in all; 0: as long as it takes
NEWS_RUN_SECONDS = env.text("NEWS_RUN_SECONDS", "7200")  # what a run without `-a budget` may take; 0: as long as it takes
NEWS_ROBOTS_SECONDS = env.text("NEWS_ROBOTS_SECONDS", "86400")  # how long a robots.txt is kept, by its Cache-Control or less
NEWS_TDM_FILE = env.text("NEWS_TDM_FILE", "true")  # whether a host is asked for its file on text and data mining, once a day
NEWS_PAUSE_MAX_SECONDS = env.text("NEWS_PAUSE_MAX_SECONDS", "600")  # a longer pause makes its pages "retry later"
EXTENSIONS = {
    "crawler.extensions.ending.Ending": 495,
    "crawler.extensions.traffic.TrafficByPublisher": 497,
    "crawler.extensions.report.RunReport": 500,
    "crawler.extensions.health.Health": 505,
    "crawler.extensions.progress.Progress": 510,
}

LOG_LEVEL = "INFO"  # default DEBUG
LOG_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
LOGSTATS_INTERVAL = 60.0
STATS_DUMP = False  # default True: the run report says it once
DEFAULT_DROPITEM_LOG_LEVEL = "DEBUG"  # default WARNING: a rejected page is counted, not shouted
FEED_EXPORT_ENCODING = "utf-8"  # default None: ASCII escapes
