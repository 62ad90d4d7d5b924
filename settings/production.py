"""Scheduled jobs: the sink, the store and a contact must be named; nothing falls back to this folder."""

from settings import env
from settings.base import *  # noqa: F403

NEWS_SINK = env.text("NEWS_SINK", "")
NEWS_STORE = env.text("NEWS_STORE", "")
NEWS_CONTACT_REQUIRED = True
