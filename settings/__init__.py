"""Scrapy settings by environment: `base` for all, then `local` (the default), `test` and `production`. See scrapy.cfg."""
