"""The limits and promises as they are written: each default is the setting's or the constant's, the policy is JSON."""

from __future__ import annotations

import json
import re
from importlib import import_module

import pytest

from tests.cli import PROJECT
from tests.test_settings import VARIABLES

ROW = re.compile(r"^\| `([\w. -]+)` \| `?([^|`]+)`? \| ([^|]+) \|([^|]*)\|$", re.M)
ROWS = {name: (default.strip(), unit) for name, default, unit, _ in ROW.findall((PROJECT / "docs/operations.md").read_text())}
# Limits of the network and of extraction; a new one needs its row.
LIMITS = re.compile(r"^NEWS_(?:PAGE|PAUSE|HOST|RUN|ROBOTS|PART|OUTBOX)_(?!COMPRESSION)\w+$")


def test_every_limit_has_its_row() -> None:
    missing = {name for name in VARIABLES if LIMITS.match(name)} - set(ROWS)
    assert missing == set()
    assert len(ROWS) > 30


@pytest.mark.parametrize("name", ROWS)
def test_a_limits_default_is_what_holds(name: str) -> None:
    default, unit = ROWS[name]
    assert unit
    if name.startswith("-a "):
        return
    if name in VARIABLES:
        assert VARIABLES[name] == default
        return
    module, _, constant = name.rpartition(".")
    assert str(getattr(import_module(module or "settings.base"), constant)) == default


def test_the_bucket_policy_is_json_that_lets_nobody_delete() -> None:
    (text,) = re.findall(r"```json\n(.*?)```", (PROJECT / "SECURITY.md").read_text(), re.S)
    statements = {statement["Sid"]: statement for statement in json.loads(text)["Statement"]}
    allowed = {action for statement in statements.values() if statement["Effect"] == "Allow" for action in statement["Action"]}
    assert allowed == {"s3:PutObject", "s3:AbortMultipartUpload", "s3:GetObject", "s3:ListBucket"}
    assert "s3:DeleteObject" in statements["NeverDelete"]["Action"]
