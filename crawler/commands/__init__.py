"""One file a `scrapy <verb>`. Scrapy imports all of them to find the one."""

from crawler.commands.interruption import quiet_ends

quiet_ends()
