"""The deployment files of examples/deploy: read, run as far as a machine without their hosts can, and deployed to a real scrapyd."""

from __future__ import annotations

import configparser
import fnmatch
import json
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml

from crawler.spiders.plan import ALLOWED, Shard
from examples.newsroom.server import Newsroom
from tests.cli import PROJECT, Cli, troubles, wait_until
from tests.conftest import Call
from tests.test_settings import VARIABLES

DEPLOY = PROJECT / "examples" / "deploy"
FILES = sorted(path for path in DEPLOY.iterdir() if path.is_file())
DOCS = (PROJECT / "docs" / "deployment.md").read_text(encoding="utf-8")
# Where the files expect the project, and its state.
HOME, STATE, CONFIGURED = "/opt/dateline", "/var/lib/dateline", "/etc/dateline/dateline.env"
PAGES = ("crawl", "news", "-a", "publishers=balkan_wire")


def text(name: str) -> str:
    return (DEPLOY / name).read_text(encoding="utf-8")


def environment_of(lines: str) -> dict[str, str]:
    return dict(line.split("=", 1) for line in lines.splitlines() if line and not line.startswith("#"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_file_names_only_settings_and_arguments_that_there_are_and_is_documented(path: Path) -> None:
    written = path.read_text(encoding="utf-8")
    assert set(re.findall(r"NEWS_[A-Z_]+", written)) <= set(VARIABLES)
    assert set(re.findall(r"(?<![\w-])-a[ \",]+(\w+)=", written)) <= set(ALLOWED)
    assert f"`{path.name}`" in DOCS


def test_the_variables_file_is_read_by_systemd_cron_and_docker_alike() -> None:
    variables = environment_of(text("dateline.env"))
    assert variables["SCRAPY_PROJECT"] == "production"
    assert {"NEWS_SINK", "NEWS_STORE", "NEWS_CONTACT"} <= set(variables)
    assert all(re.fullmatch(r"[\w:/.,-]+", value) for value in variables.values()), "what a shell would take apart"


# Docker


def instructions() -> list[tuple[str, str]]:
    """The Dockerfile's instructions with their arguments, continued lines joined."""
    joined = re.sub(r"\\\n\s*", "", text("Dockerfile"))
    lines = (line for line in joined.splitlines() if line.strip() and not line.startswith("#"))
    return [(name, rest) for name, rest in (line.split(" ", 1) for line in lines)]


def copied() -> list[str]:
    """What the Dockerfile copies from the repository."""
    copies = (shlex.split(rest) for name, rest in instructions() if name == "COPY" and not rest.startswith("--from"))
    return [source for arguments in copies for source in arguments[:-1]]


def test_the_image_has_a_version_runs_as_nobody_and_installs_what_is_locked() -> None:
    found = instructions()
    images = [rest.split()[0] for name, rest in found if name == "FROM"]
    assert images and all(re.search(r":\d+\.\d+", image) for image in images)
    assert [rest for name, rest in found if name == "USER"] == ["65532:65532"]
    (install,) = [rest for name, rest in found if name == "RUN" and "pip install" in rest]
    assert {"--require-hashes", "--no-deps", "--no-cache-dir"} <= set(install.split())
    for name, rest in found:
        if name in ("ENTRYPOINT", "CMD"):
            assert isinstance(json.loads(rest), list), "a shell would not hand SIGTERM on"
    assert not any(name == "ADD" or "sudo" in rest or "curl" in rest for name, rest in found)


def test_what_the_image_copies_is_there_and_is_sent_to_the_builder() -> None:
    ignored = text("Dockerfile.dockerignore").split()
    for source in copied():
        assert (PROJECT / source).exists(), source
        matches = [line for line in ignored if fnmatch.fnmatch(source.rstrip("/"), line.lstrip("!").rstrip("/"))]
        assert matches[-1].startswith("!"), source


def test_the_images_files_are_all_that_a_crawl_needs_and_it_writes_nothing_among_them(scrapy: Cli, room: Newsroom) -> None:
    app, home = scrapy.folder / "app", scrapy.folder / "home"
    app.mkdir()
    home.mkdir()
    for source in (path for path in copied() if not path.startswith(".ci")):
        if (PROJECT / source).is_dir():
            shutil.copytree(PROJECT / source, app / source, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(PROJECT / source, app / source)
    before = set(app.rglob("*"))
    (variables,) = [dict(pair.split("=", 1) for pair in shlex.split(rest)) for name, rest in instructions() if name == "ENV"]
    own = {"HOME": str(home), "NEWS_STORE": "", "NEWS_CONTACT": "https://a.example/", "NEWS_ALLOW_NETWORKS": "127.0.0.0/8"}
    environment = scrapy.environment() | {name: value for name, value in (variables | own).items() if value}
    environment["PATH"] = os.environ["PATH"]
    done = subprocess.run(scrapy.command(*PAGES), cwd=app, env=environment, capture_output=True, timeout=60, check=False)
    assert (done.returncode, troubles(done.stderr.decode())) == (0, [])
    assert scrapy.lake.manifests()[0].counts.articles == 7
    assert set(app.rglob("*")) == before
    assert list(home.iterdir()) == []


# systemd and cron


def unit(name: str) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string(text(name))
    return parser


def test_the_service_runs_the_crawl_as_a_user_of_its_own_and_waits_for_its_end() -> None:
    service = unit("dateline.service")["Service"]
    assert service["ExecStart"] == f"{HOME}/.venv/bin/scrapy crawl news"
    assert (service["Type"], service["User"], service["EnvironmentFile"]) == ("oneshot", "dateline", CONFIGURED)
    assert f"/var/lib/{service['StateDirectory']}" == STATE
    assert int(service["TimeoutStopSec"]) >= 20, "docs/operations.md: a stopped run ends in less than 20 s"
    timer = unit("dateline.timer")["Timer"]
    assert (timer["OnCalendar"], timer["Persistent"]) == ("*:0/5", "true")


def test_systemd_finds_no_fault_in_the_units(tmp_path: Path) -> None:
    verify = shutil.which("systemd-analyze")
    if verify is None:  # the test above has read them
        return
    for name in ("dateline.service", "dateline.timer"):
        (tmp_path / name).write_text(text(name).replace(f"{HOME}/.venv/bin/scrapy", "/bin/true"), encoding="utf-8")
    paths = [str(tmp_path / name) for name in ("dateline.service", "dateline.timer")]
    done = subprocess.run([verify, "verify", "--man=no", *paths], capture_output=True, text=True, timeout=60, check=False)
    told = [line for line in done.stderr.splitlines() if "dateline" in line]
    assert (done.returncode, told) == (0, [])


def test_the_cron_line_runs_the_crawl_with_its_variables_and_one_at_a_time(tmp_path: Path) -> None:
    (line,) = [line for line in text("dateline.cron").splitlines() if line.startswith("*")]
    assert "%" not in line, "cron makes it a line feed"
    schedule, user, command = line.split()[:5], line.split()[5], line.split(None, 6)[6]
    assert (schedule, user) == (["*/5", "*", "*", "*", "*"], "dateline")
    program = tmp_path / ".venv" / "bin" / "scrapy"
    program.parent.mkdir(parents=True)
    program.write_text('#!/bin/sh\necho "$PWD $* $NEWS_SINK" >> ran\n')
    program.chmod(0o755)
    shutil.copy(DEPLOY / "dateline.env", tmp_path / "dateline.env")
    for place, own in ((CONFIGURED, tmp_path / "dateline.env"), (HOME, tmp_path), (STATE, tmp_path)):
        command = command.replace(place, str(own))
    assert subprocess.run(["sh", "-c", command], timeout=30, check=False).returncode == 0
    assert (tmp_path / "ran").read_text() == f"{tmp_path} crawl news s3://your-bucket/news\n"
    with (tmp_path / "cron.lock").open("w") as lock:
        subprocess.run(["flock", str(lock.fileno())], pass_fds=[lock.fileno()], timeout=30, check=True)
        assert subprocess.run(["sh", "-c", command], timeout=30, check=False).returncode == 0
    assert len((tmp_path / "ran").read_text().splitlines()) == 1


# Kubernetes and GitHub Actions


def test_the_cron_job_runs_one_indexed_job_at_a_time_that_may_write_to_its_volumes_alone() -> None:
    job, claim = yaml.safe_load_all(text("kubernetes.yaml"))
    assert (job["apiVersion"], job["kind"], job["spec"]["concurrencyPolicy"]) == ("batch/v1", "CronJob", "Forbid")
    spec = job["spec"]["jobTemplate"]["spec"]
    assert (spec["completionMode"], spec["completions"], spec["parallelism"]) == ("Indexed", 4, 4)
    pod = spec["template"]["spec"]
    (container,) = pod["containers"]
    assert pod["securityContext"]["runAsNonRoot"] and container["securityContext"]["readOnlyRootFilesystem"]
    assert pod["terminationGracePeriodSeconds"] >= 20
    assert {mount["name"] for mount in container["volumeMounts"]} == {volume["name"] for volume in pod["volumes"]}
    claims = [volume["persistentVolumeClaim"]["claimName"] for volume in pod["volumes"] if "persistentVolumeClaim" in volume]
    assert claims == [claim["metadata"]["name"]]
    assert container["args"] == ["crawl", "news", "-a", f"shard=$(JOB_COMPLETION_INDEX)/{spec['completions']}"]
    names = [variable["name"] for variable in container["env"]]
    assert names.index("JOB_COMPLETION_INDEX") < names.index("NEWS_STORE"), "a variable is known to those below it alone"


def test_the_workflow_runs_one_crawl_at_a_time_and_ends_before_its_limit() -> None:
    workflow = yaml.safe_load(text("github-actions.yml"))
    assert workflow["concurrency"]["cancel-in-progress"] is False
    assert workflow[True]["schedule"], "YAML 1.1 reads `on` as true"
    job = workflow["jobs"]["crawl"]
    commands = [step["run"] for step in job["steps"] if "run" in step]
    assert (PROJECT / ".ci" / "locked.txt").exists() and "--require-hashes -r .ci/locked.txt" in commands[0]
    (budget,) = re.findall(r"budget=(\d+)", "\n".join(commands))
    assert int(budget) < job["timeout-minutes"] * 60
    assert job["env"]["SCRAPY_PROJECT"] == "production"


# Shards


def test_every_publisher_is_in_one_shard_and_stays_there() -> None:
    ids = [f"publisher_{number}" for number in range(1000)]
    shares = [[name for name in ids if Shard(index, 4).has(name)] for index in range(4)]
    assert sorted(name for share in shares for name in share) == sorted(ids)
    assert all(200 < len(share) < 300 for share in shares)
    assert Shard(1, 4).has("business_standard"), "written down: another hash would move the articles of every store"


def test_shards_visit_each_publisher_once(scrapy: Cli, room: Newsroom) -> None:
    for index in range(2):
        assert (
            scrapy.run("crawl", "news", "-a", f"shard={index}/2", NEWS_STORE=f"sqlite://{scrapy.folder}/{index}.db").code == 0
        )
    visited = [name for manifest in scrapy.lake.manifests() for name in manifest.sites]
    assert sorted(visited) == ["balkan_wire", "business_ledger", "kyiv_courier", "latest_dispatch", "levant_today"]


@pytest.mark.parametrize("shard", ["4/4", "1", "-1/2", "a/b", "0/0", ""])
def test_a_shard_that_is_none_is_refused(shard: str, call: Call, room: Newsroom) -> None:
    done = call("crawl", "news", "-a", f"shard={shard}")
    assert (done.code, done.err.startswith(f"scrapy crawl: -a shard={shard}: allowed is INDEX/COUNT")) == (2, True)


def test_a_site_is_not_shared_out(call: Call, room: Newsroom) -> None:
    done = call("crawl", "news", "-a", "shard=0/2", "-a", "site=https://www.example.com/")
    assert (done.code, done.err.startswith("scrapy crawl: -a shard and -a site: ")) == (2, True)


# scrapyd


@contextmanager
def scrapyd(scrapy: Cli) -> Iterator[str]:
    """The address of a scrapyd on loopback, at work in a folder of its own."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        port = found.getsockname()[1]
    folder = scrapy.folder / "scrapyd"
    folder.mkdir()
    (folder / "scrapyd.conf").write_text(text("scrapyd.conf") + f"http_port = {port}\npoll_interval = 0.2\n")
    variables = {"SCRAPY_PROJECT": "", "NEWS_CONTACT": "https://a.example/", "NEWS_ALLOW_NETWORKS": "127.0.0.0/8"}
    with (folder / "out").open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "scrapyd"], cwd=folder, env=scrapy.environment(**variables), stdout=out, stderr=out
        )
        try:
            wait_until(lambda: _listens(port), f"scrapyd: {(folder / 'out').read_text()}")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(30)


def _listens(port: int) -> bool:
    with socket.socket() as trying:
        return trying.connect_ex(("127.0.0.1", port)) == 0


def asked(url: str, body: bytes | None = None, **headers: str) -> Any:
    with urllib.request.urlopen(urllib.request.Request(url, body, headers), timeout=60) as response:
        answer = json.load(response)
    assert answer.pop("status") == "ok", answer
    return answer


def built_egg(folder: Path) -> bytes:
    """The egg, built as docs/deployment.md says."""
    command = re.search(r"python (examples/deploy/setup\.py .+)", DOCS)
    assert command
    arguments = shlex.split(command[1].replace("/tmp/", f"{folder}/"))
    done = subprocess.run([sys.executable, *arguments], cwd=PROJECT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    (egg,) = (folder / "dist").glob("*.egg")
    return egg.read_bytes()


def test_scrapyd_takes_the_egg_and_runs_a_scheduled_crawl(scrapy: Cli, room: Newsroom) -> None:
    egg = built_egg(scrapy.folder)
    boundary = "----egg"
    fields = "".join(
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in (("project", "dateline"), ("version", "1"))
    )
    file = f'--{boundary}\r\nContent-Disposition: form-data; name="egg"; filename="a.egg"\r\n\r\n'
    form = fields.encode() + file.encode() + egg + f"\r\n--{boundary}--\r\n".encode()
    with scrapyd(scrapy) as url:
        added = asked(f"{url}/addversion.json", form, **{"Content-Type": f"multipart/form-data; boundary={boundary}"})
        assert added["spiders"] == 3
        assert asked(f"{url}/listspiders.json?project=dateline")["spiders"] == ["archive", "news", "urls"]
        arguments = {"project": "dateline", "spider": "news", "publishers": "balkan_wire", "setting": "NEWS_PAGE_SECONDS=20"}
        job = asked(f"{url}/schedule.json", urllib.parse.urlencode(arguments).encode())["jobid"]
        wait_until(lambda: asked(f"{url}/listjobs.json?project=dateline")["finished"], "the job's end")
    log = (scrapy.folder / "scrapyd" / "logs" / "dateline" / "news" / f"{job}.log").read_text()
    assert troubles(log) == []
    (manifest,), keys = scrapy.lake.manifests(), scrapy.lake.keys()
    assert (manifest.verdict, manifest.counts.articles) == ("ok", 7)
    assert any(key.endswith("/report.html") for key in keys), "templates are in the egg"
