"""The store's tables, as the steps that made them: a store of an older release gets the steps that it lacks when it is opened.

A step that has landed is never edited; a change is a further step at the end. Its number is SQLite's `user_version`.
"""

MIGRATIONS = (
    # 1: runs, links and their outcomes, versions, what publishers repeat, their clocks, the outbox.
    """
CREATE TABLE runs (
    run_id TEXT PRIMARY KEY, spider TEXT NOT NULL, started TEXT NOT NULL, code_hash TEXT, config_hash TEXT,
    closed TEXT, verdict TEXT, sites TEXT NOT NULL DEFAULT '[]', manifest BLOB, ended TEXT
) STRICT;
CREATE INDEX runs_unfinished ON runs (started) WHERE ended IS NULL;

CREATE TABLE links (
    key TEXT PRIMARY KEY, url TEXT NOT NULL, publisher TEXT NOT NULL, via TEXT NOT NULL, source_url TEXT,
    title TEXT, description TEXT, published TEXT, modified TEXT, first_seen TEXT NOT NULL,
    lease TEXT, outcome TEXT, outcome_run TEXT, retry INTEGER NOT NULL DEFAULT 0, attempts INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE INDEX links_leased ON links (lease) WHERE lease IS NOT NULL;

CREATE TABLE outcomes (
    run_id TEXT NOT NULL, key TEXT NOT NULL, publisher TEXT NOT NULL, outcome TEXT NOT NULL, detail TEXT,
    undated INTEGER NOT NULL, at TEXT NOT NULL, PRIMARY KEY (run_id, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE versions (
    seq INTEGER PRIMARY KEY, id TEXT NOT NULL, version INTEGER NOT NULL, content_hash TEXT NOT NULL, text_hash TEXT,
    run_id TEXT NOT NULL, UNIQUE (id, version)
) STRICT;
CREATE INDEX versions_text ON versions (text_hash, seq) WHERE text_hash IS NOT NULL;

CREATE TABLE blocks (
    publisher TEXT NOT NULL, block TEXT NOT NULL, articles INTEGER NOT NULL, PRIMARY KEY (publisher, block)
) STRICT, WITHOUT ROWID;

CREATE TABLE clocks (
    publisher TEXT NOT NULL, day TEXT NOT NULL, offset_minutes INTEGER NOT NULL, utc TEXT NOT NULL,
    articles INTEGER NOT NULL, how TEXT NOT NULL, raw TEXT NOT NULL, url TEXT NOT NULL, language TEXT,
    PRIMARY KEY (publisher, day, offset_minutes)
) STRICT, WITHOUT ROWID;

CREATE TABLE outbox (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, run_id TEXT NOT NULL, dt TEXT NOT NULL, at TEXT NOT NULL,
    part INTEGER, bytes INTEGER NOT NULL, line BLOB NOT NULL
) STRICT;
CREATE INDEX outbox_parts ON outbox (run_id, part, dt, seq, bytes, at);

CREATE TABLE parts (
    run_id TEXT NOT NULL, seq INTEGER NOT NULL, dt TEXT NOT NULL, rows INTEGER NOT NULL,
    key TEXT, size INTEGER, sha256 TEXT, put_to TEXT, PRIMARY KEY (run_id, seq)
) STRICT, WITHOUT ROWID;
""",
    # Listings with what their last visit left; when a link's outcome came, and which links wait for one.
    """
CREATE TABLE listings (
    url TEXT PRIMARY KEY, publisher TEXT NOT NULL, found TEXT NOT NULL, via TEXT NOT NULL, visited TEXT, changed TEXT,
    gap_seconds REAL, etag TEXT, last_modified TEXT, failures INTEGER NOT NULL DEFAULT 0, failing_since TEXT, retired TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX listings_publishers ON listings (publisher);
ALTER TABLE links ADD COLUMN outcome_at TEXT;
CREATE INDEX links_waiting ON links (publisher, first_seen) WHERE outcome IS NULL OR retry;
""",
    # Each host's robots.txt, so that a run every five minutes asks for it once a day.
    """
CREATE TABLE robots_txt (host TEXT PRIMARY KEY, fresh_until TEXT NOT NULL, body BLOB NOT NULL) STRICT;
""",
    # Publishers that a run crawls alone, while it is alive.
    """
CREATE TABLE publisher_leases (publisher TEXT PRIMARY KEY, run_id TEXT NOT NULL) STRICT, WITHOUT ROWID;
""",
    # Stored articles that are looked at again, with what their newest version said until the last look.
    """
CREATE TABLE watched (
    key TEXT PRIMARY KEY, id TEXT NOT NULL, publisher TEXT NOT NULL, version INTEGER NOT NULL, stored TEXT NOT NULL,
    checked TEXT NOT NULL, due TEXT, etag TEXT, last_modified TEXT, gone INTEGER NOT NULL DEFAULT 0,
    canceled INTEGER NOT NULL DEFAULT 0, headline TEXT, description TEXT, published TEXT, body BLOB
) STRICT, WITHOUT ROWID;
CREATE INDEX watched_due ON watched (publisher, due) WHERE due IS NOT NULL;
CREATE INDEX watched_ids ON watched (id);
""",
    # What publishers repeat, with share, place and text; the traces of articles that are in no part yet.
    """
DROP TABLE blocks;

CREATE TABLE layouts (
    publisher TEXT NOT NULL, layout TEXT NOT NULL, articles INTEGER NOT NULL, PRIMARY KEY (publisher, layout)
) STRICT, WITHOUT ROWID;

CREATE TABLE sightings (
    publisher TEXT NOT NULL, number INTEGER NOT NULL, layout TEXT NOT NULL, layout_number INTEGER NOT NULL,
    day TEXT NOT NULL, context TEXT NOT NULL, seen TEXT NOT NULL, blocks INTEGER NOT NULL, keys BLOB NOT NULL,
    PRIMARY KEY (publisher, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE habits (
    publisher TEXT NOT NULL, key INTEGER NOT NULL, part TEXT NOT NULL, layout TEXT NOT NULL, text TEXT NOT NULL,
    articles INTEGER NOT NULL, weight REAL NOT NULL, last INTEGER NOT NULL, days TEXT NOT NULL, contexts TEXT NOT NULL,
    seen TEXT NOT NULL, from_start REAL NOT NULL, start_spread REAL NOT NULL, from_end REAL NOT NULL,
    end_spread REAL NOT NULL, PRIMARY KEY (publisher, layout, key)
) STRICT, WITHOUT ROWID;

ALTER TABLE versions ADD COLUMN page_hash TEXT;
ALTER TABLE outbox ADD COLUMN traces TEXT;
""",
    # Erased articles by their ids, and the keys of their links: neither is taken again.
    """
CREATE TABLE erased (key TEXT PRIMARY KEY, at TEXT NOT NULL) STRICT, WITHOUT ROWID;
""",
    # What publishers' pages looked like, by hour, and when which alarm was raised.
    """
CREATE TABLE vitals (
    publisher TEXT NOT NULL, hour TEXT NOT NULL, vitals TEXT NOT NULL, PRIMARY KEY (publisher, hour)
) STRICT, WITHOUT ROWID;
CREATE TABLE alarms (
    publisher TEXT NOT NULL, kind TEXT NOT NULL, raised TEXT NOT NULL, PRIMARY KEY (publisher, kind)
) STRICT, WITHOUT ROWID;
""",
    # How often the store was made anew, and which run has said so.
    """
CREATE TABLE rebuilds (
    at TEXT PRIMARY KEY, reason TEXT NOT NULL, aside TEXT, articles INTEGER NOT NULL, kept INTEGER NOT NULL,
    broken INTEGER NOT NULL, unread_parts INTEGER NOT NULL, told_by TEXT
) STRICT;
""",
    # Pages that could not be processed, with their bytes.
    """
CREATE TABLE quarantine (
    key TEXT PRIMARY KEY, url TEXT NOT NULL, link TEXT NOT NULL, reason TEXT NOT NULL, detail TEXT, at TEXT NOT NULL,
    run_id TEXT NOT NULL, status INTEGER, headers TEXT NOT NULL, fetched_at TEXT NOT NULL, size INTEGER NOT NULL, body BLOB NOT NULL
) STRICT;
""",
    # The CRC-32 of an outbox line: SQLite's own check does not see a bit that was changed inside a row.
    """
ALTER TABLE outbox ADD COLUMN crc INTEGER;
""",
    # Which store this is among those of a sink, and the last run whose manifest it sealed: an older state of it does not know that run.
    """
CREATE TABLE identity (id TEXT NOT NULL, sealed TEXT) STRICT;
INSERT INTO identity (id) VALUES (lower(hex(randomblob(16))));
""",
)
