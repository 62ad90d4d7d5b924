"""The only reader of the environment: each NEWS_* variable overrides the setting of the same name."""

import os
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent


def text(name: str, default: str) -> str:
    """The variable's value without surrounding space, or the default where it is unset or empty."""
    return os.environ.get(name, "").strip() or default
