"""What must hold before a run starts: the spider and its arguments, the settings, the store, the sink."""

from __future__ import annotations

from scrapy.settings import BaseSettings
from scrapy.spiderloader import SpiderLoaderProtocol

from crawler.network.guard import networks_of
from pipelines.configuration import configuration
from pipelines.delivery.sinks import open_sink
from pipelines.errors import ConfigurationError
from pipelines.store.open import open_store


def check_run(spiders: SpiderLoaderProtocol, settings: BaseSettings, name: str, arguments: dict[str, str]) -> None:
    """Raises ConfigurationError with one message that names the argument, file, setting or address and what to do."""
    if name not in spiders.list():
        raise ConfigurationError(f"no spider is called {name}; there are {', '.join(sorted(spiders.list()))}")
    spider = spiders.load(name)
    if planned := getattr(spider, "planned", None):
        planned(settings, arguments)
    networks_of(settings)
    if settings.getbool("NEWS_CONTACT_REQUIRED") and not settings.get("NEWS_CONTACT"):
        raise ConfigurationError("NEWS_CONTACT: set an address or mailbox where site owners reach you; production needs it")
    config = configuration(settings.get)
    open_store(config.store).close()
    open_sink(config.sink).check()
