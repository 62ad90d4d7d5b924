"""The test suite: as on a person's machine, without waiting."""

from settings.local import *  # noqa: F403

DOWNLOAD_DELAY = 0.0
RETRY_TIMES = 0
AUTOTHROTTLE_ENABLED = False
