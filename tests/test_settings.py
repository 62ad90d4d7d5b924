"""The settings: each documented, each read from its variable in one place, each deviation from Scrapy's with its default."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from scrapy.settings import Settings, default_settings

from crawler.commands.crawl import _introduce
from pipelines.configuration import ALLOWED
from tests.cli import PROJECT
from tests.conftest import Call

BASE = PROJECT / "settings" / "base.py"
DOCS = PROJECT / "docs"


def read_through_env(path: Path) -> dict[str, str | None]:
    """Each setting of a file that `env.text` reads, with its default where that is a plain text."""
    found = {}
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        match node:
            case ast.Assign(
                targets=[ast.Name(id=name)], value=ast.Call(func=ast.Attribute(attr="text"), args=[first, default])
            ):
                assert isinstance(first, ast.Constant) and first.value == name, f"{name} reads another variable"
                found[name] = default.value if isinstance(default, ast.Constant) else None
    return found


def documented() -> dict[str, list[str]]:
    """The rows of the table in docs/settings.md by setting."""
    rows = re.findall(r"^\| `(NEWS_\w+)` \|(.+)\|$", (DOCS / "settings.md").read_text(encoding="utf-8"), re.M)
    return {name: [cell.strip() for cell in cells.split(" | ")] for name, cells in rows}


VARIABLES = read_through_env(BASE)


def test_every_setting_is_documented_and_no_other() -> None:
    assert sorted(documented()) == sorted(VARIABLES)


@pytest.mark.parametrize("name", VARIABLES)
def test_a_documented_default_is_the_settings(name: str) -> None:
    unit, default, meaning = documented()[name]
    assert unit and meaning
    plain = VARIABLES[name]
    assert default.startswith(f"`{plain}`" if plain else ("none", "`var/")), default


def test_every_setting_of_the_pipeline_is_among_them() -> None:
    assert {f"NEWS_{name.upper()}" for name in ALLOWED} <= set(VARIABLES)


@pytest.mark.parametrize("project", ["local", "production", "test"])
def test_every_setting_is_its_variables_in_every_environment(project: str, call: Call) -> None:
    values = {name: f"value of {name}" for name in VARIABLES}
    for name, value in values.items():
        assert call("settings", "--get", name, SCRAPY_PROJECT=project, **values).out.strip() == value
        assert call("settings", "--get", name, "-s", f"{name}=other", SCRAPY_PROJECT=project, **values).out.strip() == "other"


def test_an_empty_variable_is_as_none(call: Call) -> None:
    assert call("settings", "--get", "NEWS_PAGE_MIB", NEWS_PAGE_MIB=" ").out.strip() == "512"


def test_production_falls_back_to_nothing_in_this_folder(call: Call) -> None:
    unset = {"SCRAPY_PROJECT": "production", "NEWS_SINK": "", "NEWS_STORE": "", "NEWS_ALLOW_NETWORKS": ""}
    for name in ("NEWS_SINK", "NEWS_STORE", "NEWS_ALLOW_NETWORKS"):
        assert call("settings", "--get", name, **unset).out.strip() == ""


def reads_environment(path: Path) -> bool:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = {"environ", "environb", "getenv", "putenv"}
    return any(
        (isinstance(node, ast.Attribute) and node.attr in names)
        or (isinstance(node, ast.ImportFrom) and node.module == "os" and any(alias.name in names for alias in node.names))
        for node in ast.walk(tree)
    )


def test_the_environment_is_read_in_one_file() -> None:
    files = [path for package in ("crawler", "pipelines", "settings") for path in (PROJECT / package).rglob("*.py")]
    assert [path.relative_to(PROJECT).as_posix() for path in files if reads_environment(path)] == ["settings/env.py"]


def deviations() -> list[tuple[str, object, str]]:
    """(name, Scrapy's value, the line) of every setting of base.py that is Scrapy's and has another value."""
    values: dict[str, object] = {}
    exec(compile(BASE.read_text(encoding="utf-8"), str(BASE), "exec"), values)  # its own copy: other tests import the module
    found = []
    for line in BASE.read_text(encoding="utf-8").splitlines():
        name = line.partition(" = ")[0]
        if name.isupper() and hasattr(default_settings, name) and getattr(default_settings, name) != values[name]:
            default = getattr(default_settings, name)
            found.append((name, bool(default) if isinstance(values[name], bool) else default, line))
    return found


# Names, and the components and texts that have no one default to be told.
_UNTOLD = {
    "BOT_NAME", "COMMANDS_MODULE", "DOWNLOADER", "DOWNLOADER_MIDDLEWARES", "DOWNLOAD_HANDLERS", "EXTENSIONS", "ITEM_PIPELINES",
    "HTTPCACHE_IGNORE_HTTP_CODES", "LOG_FORMAT", "NEWSPIDER_MODULE", "RETRY_EXCEPTIONS", "SCHEDULER_PRIORITY_QUEUE", "SPIDER_MODULES", "TWISTED_DNS_RESOLVER", "USER_AGENT",
}  # fmt: skip
_WORDS = {10 * 2**30: "10 GiB", 2**30: "1 GiB", 32 * 2**20: "32 MiB"}


@pytest.mark.parametrize(("name", "default", "line"), deviations(), ids=[name for name, _, _ in deviations()])
def test_a_setting_that_differs_from_scrapys_says_scrapys_default(name: str, default: object, line: str) -> None:
    if name in _UNTOLD:
        return
    text = BASE.read_text(encoding="utf-8").splitlines()
    told = f"{line} {text[text.index(line) - 1]}"
    shown = _WORDS.get(default, str(default)) if isinstance(default, int) else str(default)
    assert re.search(rf"default {re.escape(shown)}\b", told), told


def test_nothing_listens_and_nothing_reads_this_machine(call: Call) -> None:
    for name in ("TELNETCONSOLE_ENABLED", "REMOTE_CONTROL_ENABLED", "HTTPPROXY_ENABLED", "COOKIES_ENABLED"):
        assert call("settings", "--getbool", name, SCRAPY_PROJECT="production").out.strip() == "False"


def test_the_contact_is_in_the_user_agent_however_it_is_set(call: Call) -> None:
    by_variable = call("settings", "--get", "USER_AGENT", NEWS_CONTACT="https://a.example/bot")
    assert by_variable.out.strip() == "Dateline/0.1 (+https://a.example/bot)"
    settings = Settings()
    settings.set("USER_AGENT", by_variable.out.strip(), priority="project")
    settings.set("NEWS_CONTACT", "mail@a.example", priority="cmdline")
    _introduce(settings)
    assert settings["USER_AGENT"] == "Dateline/0.1 (+mail@a.example)"
    settings.set("USER_AGENT", "Other/1", priority="cmdline")
    _introduce(settings)
    assert settings["USER_AGENT"] == "Other/1"
