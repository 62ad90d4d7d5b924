"""A person's own machine, and `make demo`: loopback servers may be crawled."""

from settings import env
from settings.base import *  # noqa: F403

NEWS_ALLOW_NETWORKS = env.text("NEWS_ALLOW_NETWORKS", "127.0.0.0/8,::1/128")  # base: none
