"""A program that is a fork sees what it sees when it is executed: its arguments, streams, variables, signals, and settings of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from ast import literal_eval
from typing import Any

import pytest

from tests.cli import DEADLINE_S, PROJECT, Cli
from tests.forks import SCRAPY

needs_fork = pytest.mark.skipif(sys.platform != "linux", reason="programs are executed there")


@needs_fork
def test_a_fork_sees_what_an_executed_program_sees(scrapy: Cli) -> None:
    environment = scrapy.environment(SCRAPY_SETTINGS_MODULE="tests.seen", NEWS_SINK="file:///Größe")
    call: dict[str, Any] = {"input": "größer".encode(), "capture_output": True, "cwd": PROJECT, "env": environment}
    executed = subprocess.run(scrapy.command("version", "-v"), timeout=DEADLINE_S, check=True, **call)
    forked = SCRAPY.run("scrapy", ["version", "-v"], environment, call["input"], DEADLINE_S)
    seen = [literal_eval(done.stdout.decode().splitlines()[0]) for done in (executed, forked)]
    modules = [set(each.pop("modules")) for each in seen]
    assert seen[0] == seen[1]
    assert modules[0] <= modules[1]
    ours = {name for name in modules[1] if name.partition(".")[0] in ("settings", "tests")}
    assert ours == {"tests", "tests.seen"}, "what reads variables is imported anew"
    assert (forked.returncode, forked.stdout.splitlines()[1:], forked.stderr) == (0, *_rest(executed))


def _rest(done: subprocess.CompletedProcess[bytes]) -> tuple[list[bytes], bytes]:
    return done.stdout.splitlines()[1:], done.stderr


def test_a_program_ends_with_its_code_or_its_signal(scrapy: Cli) -> None:
    environment = scrapy.environment(SCRAPY_SETTINGS_MODULE="tests.seen")
    missing = SCRAPY.run("tests.missing", [], environment, b"", DEADLINE_S)
    assert (missing.returncode, missing.stdout, b"No module named tests.missing" in missing.stderr) == (1, b"", True)
    with pytest.raises(subprocess.TimeoutExpired):
        SCRAPY.run("http.server", ["--bind", "127.0.0.1", "0"], environment, b"", 0.2)
    reader, writer = os.pipe()
    waiting = SCRAPY.start("scrapy", ["version"], environment, (reader, writer, writer))
    waiting.send_signal(signal.SIGTERM)
    assert waiting.wait(DEADLINE_S) == -signal.SIGTERM
    os.close(reader)
    os.close(writer)
