"""What must hold before a run starts: the spider and its arguments, the settings, the store, the sink."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Mapping
from typing import Final

from scrapy import Spider
from scrapy.settings import BaseSettings
from scrapy.spiderloader import SpiderLoaderProtocol

from crawler.network.guard import networks_of
from crawler.reporting.outlets import outlets
from pipelines import clock
from pipelines.configuration import Configuration, configuration
from pipelines.courier import LOOK_SECONDS
from pipelines.delivery.sinks import Sink, open_sink
from pipelines.errands import Errands
from pipelines.errors import ConfigurationError, DeliveryError
from pipelines.rebuild import has_runs, is_new, older_than_sink, rebuild, store_fault

_NUMBERS: Final = (
    (
        ("NEWS_PAUSE_SECONDS", "NEWS_PAUSE_MAX_SECONDS", "NEWS_ROBOTS_SECONDS", "NEWS_HOST_SECONDS", "NEWS_RUN_SECONDS"),
        BaseSettings.getfloat,
        0,
        "a number of seconds",
    ),
    (("NEWS_HOST_FAILURES", "NEWS_HOST_PAGES", "NEWS_HOST_LISTINGS"), BaseSettings.getint, 1, "a number of requests"),
)

_FIRST: Final = "there is no store at {store} yet, and {sink} has articles: they are learnt first, so that none is stored again"

_AWAY = "the sink is away: {error}. What is fetched waits in the outbox, and a later run or `scrapy deliver` delivers it"


def check_run(spiders: SpiderLoaderProtocol, settings: BaseSettings, name: str, arguments: dict[str, str]) -> None:
    """Raises ConfigurationError with one message that names the argument, file, setting or address and what to do.

    Raises DeliveryError where a damaged store cannot be made anew because its sink is away.
    """
    if name not in spiders.list():
        raise ConfigurationError(f"no spider is called {name}; there are {', '.join(sorted(spiders.list()))}")
    check_network(settings)
    check_arguments(spiders.load(name), settings, arguments)
    outlets(settings)
    if settings.getbool("NEWS_CONTACT_REQUIRED") and not settings.get("NEWS_CONTACT"):
        raise ConfigurationError("NEWS_CONTACT: set an address or mailbox where site owners reach you; production needs it")
    config = configuration(settings.get)
    _check_store_and_sink(config)


def _check_store_and_sink(config: Configuration) -> None:
    """A damaged store, and one that never was or was lost, is made anew as soon as the sink is known to be well; standard error says so.

    A sink that is away does not keep a sound store from crawling: what is fetched waits in its outbox.
    """
    sink, new = open_sink(config.sink, config.s3), is_new(config.store)
    fault = None if new else store_fault(config.store)
    try:
        sink.check()
        if new and has_runs(sink):
            fault = _FIRST.format(store=config.store, sink=sink.url)
        elif not fault and not new:
            fault = _in_time(lambda: older_than_sink(config.store, sink), sink)
    except DeliveryError as error:
        if fault:
            raise
        print(f"scrapy crawl: WARNING: {_AWAY.format(error=error)}", file=sys.stderr)
    if fault:
        print(f"scrapy crawl: {fault}", file=sys.stderr)
        print(f"scrapy crawl: {rebuild(config.store, sink, clock.now(), 'there was none' if new else fault)}", file=sys.stderr)
    elif new:
        store_fault(config.store)  # that there can be one


def _in_time(ask: Callable[[], str | None], sink: Sink) -> str | None:
    """What is asked of the sink, if it answers within a look's time. Raises DeliveryError."""
    errands = Errands()
    answer = errands.do(ask)
    errands.close()
    try:
        return answer.result(LOOK_SECONDS)
    except TimeoutError:
        raise DeliveryError(f"{sink.address} does not answer") from None


def check_network(settings: BaseSettings) -> None:
    """Raises ConfigurationError for a setting of the network that cannot be read."""
    networks_of(settings)
    for names, read, least, what in _NUMBERS:
        for name in names:
            try:
                valid = read(settings, name) >= least
            except ValueError:
                valid = False
            if not valid:
                raise ConfigurationError(f"{name}={settings.get(name)}: allowed is {what}, {least} or more")


def check_arguments(spider: type[Spider], settings: BaseSettings, arguments: dict[str, str]) -> None:
    """Raises ConfigurationError for an argument that the spider does not take, or not with this value."""
    if planned := getattr(spider, "planned", None):
        planned(settings, arguments)
        return
    parameters = inspect.signature(spider).parameters
    _check_names(parameters, arguments)
    spider(**arguments)


def _check_names(parameters: Mapping[str, inspect.Parameter], arguments: dict[str, str]) -> None:
    """A spider that names its arguments takes no others; one that only has `**kwargs` takes any, as Scrapy's do."""
    named = [name for name, parameter in parameters.items() if parameter.kind is not inspect.Parameter.VAR_KEYWORD]
    if unknown := [name for name in arguments if named and name not in named]:
        raise ConfigurationError(f"-a {unknown[0]}: no such argument; allowed are {', '.join(named)}")
