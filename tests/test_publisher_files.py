"""Publisher files: each fault is refused with its file and line, and the files that are there load."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.publishers import FOLDER
from examples.newsroom.server import PUBLISHERS
from pipelines.errors import PublisherFileError
from pipelines.publishers import Publisher, faults, load_publisher, load_publishers, publisher_of

GOOD = """\
name     = "The Stour News"
hosts    = ["news.example", "www.news.example"]
language = "en-GB"
country  = "NO"
timezone = "Europe/Oslo"

[discover]
feeds    = ["https://news.example/feed"]
article  = '/\\d+\\.html$'
delay    = 2.5

[body]
prune = ['//div[@class="related"]']
drop  = ['^Our boats']

[dates]
dateline = ['^Set on (?P<date>.+)$']
formats  = ['%d.%m.%y']

[expect]
articles_per_day = [5, 50]
filled = { datePublished = 0.98 }
"""


def write(folder: Path, text: str, name: str = "stour.toml") -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def line_of(text: str) -> int:
    """The line of GOOD that begins with this text."""
    return next(number for number, line in enumerate(GOOD.splitlines(), 1) if line.startswith(text))


def test_a_file_is_its_publisher_by_the_files_name(tmp_path: Path) -> None:
    publisher = load_publisher(write(tmp_path, GOOD))
    assert (publisher.id, publisher.name, publisher.timezone) == ("stour", "The Stour News", "Europe/Oslo")
    assert publisher.discover.feeds == ("https://news.example/feed",)
    assert publisher.expect.articles_per_day == (5, 50)


def test_an_empty_file_is_a_publisher(tmp_path: Path) -> None:
    assert load_publisher(write(tmp_path, "")) == Publisher(id="stour")


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        ("name     =", "nmae     =", "unknown key nmae"),
        ("feeds    =", "feed     =", "unknown key discover.feed"),
        ("[expect]", "[expects]", "unknown key expects"),
        ('country  = "NO"', 'country  = "no"', "country: "),
        ('language = "en-GB"', 'language = "English"', "language: "),
        ('timezone = "Europe/Oslo"', 'timezone = "Europe/Stour"', "timezone: no IANA time zone is named 'Europe/Stour'"),
        ('timezone = "Europe/Oslo"', 'timezone = "../../etc/passwd"', "timezone: no IANA time zone is named"),
        ('hosts    = ["news.example"', 'hosts    = ["https://news.example"', "hosts.0: a host is lower case"),
        ('hosts    = ["news.example"', 'hosts    = ["News.example"', "hosts.0: a host is lower case"),
        (
            'feeds    = ["https://news.example/feed"]',
            'feeds    = ["news.example/feed"]',
            "discover.feeds.0: not an http or https address",
        ),
        ('feeds    = ["https://news.example/feed"]', 'feeds    = "https://news.example/feed"', "discover.feeds: "),
        ("article  = '/\\d+\\.html$'", "article  = '('", "discover.article: not a regular expression"),
        ("delay    = 2.5", "delay    = -1", "discover.delay: "),
        ("prune = ['//div", "prune = ['//div[", "body.prune.0: not an XPath expression"),
        ("drop  = ['^Our", "drop  = ['*Our", "body.drop.0: not a regular expression"),
        ("dateline = ['^Set on (?P<date>", "dateline = ['^Set on (?P<date", "dates.dateline.0: not a regular expression"),
        ("articles_per_day = [5, 50]", "articles_per_day = [5]", "expect.articles_per_day"),
        ("filled = { datePublished = 0.98 }", "filled = { datePublished = 98 }", "expect.filled.datePublished: "),
    ],
)
def test_a_fault_names_its_file_its_line_and_what_is_wrong(tmp_path: Path, before: str, after: str, fault: str) -> None:
    path = write(tmp_path, GOOD.replace(before, after, 1))
    with pytest.raises(PublisherFileError) as raised:
        load_publisher(path)
    assert raised.value.fault.startswith(fault)
    assert str(raised.value).startswith(f"{path}:{line_of(before.split('[')[0] or before)}: ")


def test_a_file_that_is_no_toml_names_the_line(tmp_path: Path) -> None:
    path = write(tmp_path, 'name = "Stour"\nhosts = [\n')
    with pytest.raises(PublisherFileError, match="not TOML"):
        load_publisher(path)
    path = write(tmp_path, 'name = "Stour"\ncountry = NO\n')
    with pytest.raises(PublisherFileError, match=r"stour\.toml:2: not TOML"):
        load_publisher(path)


def test_the_id_is_the_files_name_and_no_key(tmp_path: Path) -> None:
    with pytest.raises(PublisherFileError, match=r"stour\.toml:2: unknown key id: the file's name is the id"):
        load_publisher(write(tmp_path, '# Stour\nid = "other"\n'))
    with pytest.raises(PublisherFileError, match=r"Stour News\.toml: id: "):
        load_publisher(write(tmp_path, "", "Stour News.toml"))


def test_bytes_that_are_no_utf_8_cannot_be_read(tmp_path: Path) -> None:
    path = tmp_path / "stour.toml"
    path.write_bytes('name = "Größe"'.encode("latin-1"))
    with pytest.raises(PublisherFileError, match="cannot be read"):
        load_publisher(path)


def test_a_key_in_an_inline_table_is_found_at_the_tables_line(tmp_path: Path) -> None:
    with pytest.raises(PublisherFileError, match=r"stour\.toml:2: unknown key discover.feed"):
        load_publisher(write(tmp_path, 'name = "Stour"\ndiscover = { feed = [] }\n'))


def test_a_host_that_two_publishers_claim_is_a_fault(tmp_path: Path) -> None:
    write(tmp_path, 'hosts = ["news.example"]\n', "a.toml")
    path = write(tmp_path, 'name = "B"\nhosts = ["news.example"]\n', "b.toml")
    with pytest.raises(PublisherFileError) as raised:
        load_publishers([tmp_path])
    assert str(raised.value) == f"{path}:2: host news.example is claimed by a.toml too"


def test_a_later_folders_file_replaces_an_earlier_one_of_its_name(tmp_path: Path) -> None:
    write(tmp_path / "first", 'name = "First"\nhosts = ["news.example"]\n')
    write(tmp_path / "second", 'name = "Second"\nhosts = ["news.example"]\n')
    found = load_publishers([tmp_path / "first", tmp_path / "second"])
    assert [publisher.name for publisher in found.values()] == ["Second"]


def test_every_files_first_fault_is_told_at_once(tmp_path: Path) -> None:
    write(tmp_path, "nmae = 1\nxyz = 2\n", "a.toml")
    write(tmp_path, 'hosts = ["news.example"]\n', "b.toml")
    write(tmp_path, 'hosts = ["news.example"]\n', "c.toml")
    assert [fault.rpartition("/")[2] for fault in faults([tmp_path])] == [
        "a.toml:1: unknown key nmae",
        "c.toml:1: host news.example is claimed by b.toml too",
    ]


@pytest.mark.parametrize("folder", [FOLDER, PUBLISHERS], ids=["crawler", "newsroom"])
def test_the_bundled_files_have_no_fault(folder: Path) -> None:
    assert faults([folder]) == []


def test_a_page_belongs_to_the_publisher_that_claims_its_host() -> None:
    known = Publisher(id="stour", hosts=("news.example", "localhost:8000"))
    assert publisher_of("https://NEWS.example/a", [known]) is known
    assert publisher_of("http://localhost:8000/a", [known]) is known


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://other.example/a", "other.example"),
        ("https://localhost:9000/a", "localhost:9000"),
        ("https://bücher.example/a", "b-cher.example"),
        ("http://[::1]:8000/", "1-:8000"),
        ("file:///a.html", "unknown"),
        ("", "unknown"),
    ],
)
def test_an_unknown_hosts_publisher_is_made_of_the_host(url: str, name: str) -> None:
    found = publisher_of(url, [])
    assert found.id == name
    assert found.timezone is None
