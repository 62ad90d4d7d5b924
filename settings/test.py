"""The test suite: as on a person's machine, without waiting."""

from settings import env
from settings.local import *  # noqa: F403

NEWS_TDM_FILE = env.text("NEWS_TDM_FILE", "false")  # base: true; a test says which requests it expects
DOWNLOAD_DELAY = 0.0
RETRY_TIMES = 0
AUTOTHROTTLE_ENABLED = False
