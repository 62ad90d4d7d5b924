"""The project as an egg for scrapyd, from the repository's root:

python examples/deploy/setup.py egg_info --egg-base /tmp bdist_egg --bdist-dir /tmp/egg --dist-dir /tmp/dist
"""

from setuptools import find_packages, setup

setup(
    name="dateline",
    version="0.1.0",
    packages=find_packages(include=["crawler", "crawler.*", "pipelines", "pipelines.*", "settings"]),
    package_data={
        "crawler.publishers": ["*.toml"],
        "crawler.reporting": ["templates/*.html"],
        "pipelines.extraction.clean": ["*.json"],
    },
    entry_points={"scrapy": ["settings = settings.production"]},
)
