"""The groups of a robots.txt that speak to some robots, without the others.

A parser gives each robot that a group names all of the group's rules: 2,000 names before 2,000 rules, 65 KB, took it 20 s.
"""

from __future__ import annotations

import re
from collections.abc import Collection

# As loosely written as the parser reads it: `User-agent: a`, `Useragent a`, `user agent:a`.
_NAMES = re.compile(r"\s*user[- ]?agent\s*[:\s]\s*([^#]*)", re.I)
# They stand outside the groups (RFC 9309, 2.2.4), so they do not end a group's names.
_SITE_WIDE = re.compile(r"\s*(?:#|$|site-?maps?\b|host\b)", re.I)


def groups_of(robots_txt: str, robots: Collection[str], most_rules: int | None = None) -> str:
    """The groups that name one of the robots (`*` names itself), each with `most_rules` rules at most.

    >>> groups_of("User-agent: a\\nUser-agent: b\\nDisallow: /x\\nUser-agent: c\\nDisallow: /y", ["B"])
    'user-agent: b\\nDisallow: /x'
    """
    wanted = [robot.lower() for robot in robots]
    kept: list[str] = []
    speaks, in_names, rules = False, False, 0
    for line in robots_txt.splitlines():
        if named := _NAMES.match(line):
            if not in_names:
                speaks, in_names, rules = False, True, 0
            name = named[1].strip().rstrip("*").lower() or "*"
            if any(name in robot for robot in wanted):
                kept.append(f"user-agent: {name}")
                speaks = True
        elif not _SITE_WIDE.match(line):
            in_names = False
            if speaks and (most_rules is None or rules < most_rules):
                kept.append(line)
                rules += 1
    return "\n".join(kept)
