"""Render: a template and its values to one self-contained HTML page. The only importer of jinja2.

What pages say is hostile: every value is escaped (https://jinja.palletsprojects.com/en/stable/api/#autoescaping), no template writes
one into a script, a style or an address, and the base template's content security policy forbids whatever would be loaded or run.
"""

from __future__ import annotations

import re
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from jinja2 import Environment

# Not a path: an egg's files are members of an archive.
TEMPLATES: Final = resources.files("crawler.reporting") / "templates"
# Nothing that a page says may move a terminal's cursor, colour the rest or turn a line around: C0 without tab and line feed, C1,
# and the marks that embed or isolate a direction (Unicode UAX #9).
_UNPRINTABLE: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
# Each unit in minutes, and up to how many minutes it is used.
_SPANS: Final = (("min", 1, 90), ("h", 60, 2 * 1440), ("d", 1440, float("inf")))


def render(template: str, **values: Any) -> str:
    """The page that a template makes of the values; a name that a template uses and nobody gave is an error."""
    return _environment().get_template(template).render(**values)


def legible(text: str) -> str:
    """The text with a visible mark for each character that would change how the rest is shown."""
    return _UNPRINTABLE.sub("\ufffd", text)


def span(minutes: float | None) -> str:
    """A length of time as a person says it: 45 min, 7 h, 12 d; a dash where it is unknown."""
    if minutes is None:
        return "–"
    unit, size = next((unit, size) for unit, size, most in _SPANS if minutes < most)
    return f"{minutes / size:.0f} {unit}"


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    environment = Environment(
        loader=FunctionLoader(lambda name: (TEMPLATES / name).read_text(encoding="utf-8")),
        autoescape=True,
        undefined=StrictUndefined,
        # What a macro gave is markup and legible already.
        finalize=lambda value: legible(value) if isinstance(value, str) and not hasattr(value, "__html__") else value,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["span"] = span
    return environment
