"""Train the block model of `pipelines/extraction/clean/model.py` on folders of pages with truth (`benchmarks/truths.py` has the format).

    python -m benchmarks.train_blocks FOLDER...             what the model would give on publishers that it has not seen
    python -m benchmarks.train_blocks FOLDER... --write     the same, and the model trained on all of them as model.json

Needs LightGBM: `uv pip install -r pyproject.toml --extra train`. Each folder's figures by the rules alone; with models of which none has seen the
page's publisher (the mean of three splits into ten folds); and with a model trained on the other folders alone, whose truth was made by
other people for another end.

A passage's truth is the share of its runs of four words that the page's truth has. Of truths that name texts which must and must not be
there, only the passages with such a text count. Where the truth is what a publisher's parser reads (the body begins with the
standfirst), list items, headings and live updates without links that it lacks say how the parser was written, and are left out.
What the rules dropped is learnt from too.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, field, replace
from hashlib import sha256
from itertools import product
from pathlib import Path
from statistics import mean
from typing import Any

from rich.console import Console
from rich.progress import track

from benchmarks.measures import averages, scores, shingles, words
from benchmarks.quality import page_of
from benchmarks.truths import NoTruth, Truth, read_truths
from crawler.commands.terminal import print_rows
from pipelines.evidence import Passage
from pipelines.extract import read
from pipelines.extraction.clean import finished, model, ruled
from pipelines.extraction.clean.desk import Desk, letters
from pipelines.extraction.clean.features import NAMES, Sheet
from pipelines.items import Draft
from pipelines.normalizers import text
from pipelines.publishers import Body, Publisher
from pipelines.values import BlockType

RULES_ALONE = Publisher(id="train", body=Body(model=False))
# Few leaves and long shrinkage: the folders have hundreds of publishers, not thousands.
SETTINGS = {
    "n_estimators": 100, "num_leaves": 6, "learning_rate": 0.12, "min_child_samples": 15, "subsample": 0.8, "subsample_freq": 1,
    "colsample_bytree": 0.4, "reg_lambda": 5.0, "n_jobs": 1, "deterministic": True, "verbose": -1,
}  # fmt: skip
FOLDS, SPLITS, DIGITS = 10, 3, 5
# Fits whose answers are averaged: one alone changes its mind on single lines when a few pages change.
BAGS = 3
# Between these shares a passage is neither the article's nor not: part of it is.
NOT_IN_TRUTH, IN_TRUTH = 0.3, 0.6
# Shorter passages are found as lines, or as the same words in a row.
MIN_WORDS = 6
_PARSERS_CHOICE, MAX_LINKS = frozenset({BlockType.LIST_ITEM, BlockType.HEADING, BlockType.LIVE_UPDATE}), 0.3
_HOST = re.compile(r"([\w-]+(?:\.[\w-]+)*?\.[a-z]{2,})(?=[^a-z.]|$)")
_SECOND_LEVEL = frozenset({"ac", "co", "com", "edu", "gov", "go", "ne", "net", "or", "org"})
_MEASURES = ("F1", "precision", "recall", "exact", "segmentF1", "segmentPrecision", "segmentRecall", "dropped")
_COLUMNS = {"set": "set", "trained": "trained on", "measure": "measure", "figure": "figure", "change": "change"}


@dataclass(slots=True)
class Sample:
    """One page as the model meets it: the desk after the rules, and features and truth of the passages that it can learn from."""

    folder: str
    truth: Truth
    publisher: str
    desk: Desk | None = None
    description: str | None = None
    rows: list[list[float]] = field(default_factory=list)
    labels: list[bool | None] = field(default_factory=list)


def main(arguments: list[str]) -> int:
    """0; 2 if a folder has no truth or LightGBM is missing."""
    parser = argparse.ArgumentParser(prog="train_blocks", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path, help="folders of pages with truth")
    parser.add_argument("--write", action="store_true", help="write model.json beside its module")
    options = parser.parse_args(arguments)
    try:
        import lightgbm  # noqa: F401 -- an extra: said now, not after minutes

        truths = [(folder.name, truth) for folder in options.folders for truth in read_truths(folder)]
    except (NoTruth, ImportError) as error:
        print(f"train_blocks: {error}", file=sys.stderr)
        return 2
    samples = [sample(name, truth) for name, truth in track(truths, "pages", console=Console(stderr=True), transient=True)]
    print_rows(list(_figures(samples)), _COLUMNS)
    if options.write:
        write(trained(samples), Path(model.__file__).with_name("model.json"))
    return 0


def sample(folder: str, truth: Truth) -> Sample:
    """The page with its features and labels; without them where nothing is left to judge."""
    reading = read(page_of(truth), RULES_ALONE)
    found = Sample(folder, truth, publisher_of(truth.url))
    if not isinstance(reading.outcome, Draft):
        return found
    passages = [replace(passage, text=tidy) for passage in reading.passages if (tidy := text.block(passage.text))]
    desk = ruled(passages, reading.found, RULES_ALONE)
    sheet, label = Sheet(desk), labeller(truth)
    places = [*model.judged(sheet), *(index for index, kept in enumerate(sheet.kept) if not kept)]
    found.desk, found.description = desk, reading.outcome.description
    found.rows = [[float(value) for value in sheet.row(index)] for index in places]
    found.labels = [label(desk.passages[index]) for index in places]
    return found


def publisher_of(url: str) -> str:
    """The registered domain, by the last two or three labels of the host; of an archive's copy, the copied page's."""
    host = _HOST.search(re.split(r"://|::", url)[-1])
    labels = host[1].split(".") if host else [url]
    return ".".join(labels[-3:] if len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVEL else labels[-2:])


def labeller(truth: Truth) -> Callable[[Passage], bool | None]:
    """Says of a passage whether it is the article's; None where the truth does not say."""
    if truth.body is None:
        return lambda passage: _by_segments(truth, passage.text)
    whole = [word.casefold() for word in words(truth.body, truth.is_spaced)]
    runs, row = set(shingles(whole)), f" {' '.join(whole)} "
    lines = {letters(line) for line in truth.body.split("\n")}

    def label(passage: Passage) -> bool | None:
        have = [word.casefold() for word in words(passage.text, truth.is_spaced)]
        if not have:
            return None
        if letters(passage.text) in lines:
            return True
        is_short = len(have) < MIN_WORDS
        share = float(f" {' '.join(have)} " in row) if is_short else _share(have, runs)
        if share <= NOT_IN_TRUTH and truth.with_standfirst and _is_parsers_choice(passage):
            return None
        return True if share >= IN_TRUTH else False if share <= NOT_IN_TRUTH else None

    return label


def _is_parsers_choice(passage: Passage) -> bool:
    return passage.type in _PARSERS_CHOICE and passage.link_density < MAX_LINKS


def _share(have: list[str], runs: set[tuple[str, ...]]) -> float:
    own = shingles(have)
    return sum(count for run, count in own.items() if run in runs) / own.total()


def _by_segments(truth: Truth, passage: str) -> bool | None:
    tidy = " ".join(passage.split())
    must, must_not = (any(" ".join(segment.split()) in tidy for segment in texts) for texts in (truth.must, truth.must_not))
    return must if must != must_not else None


def trained(samples: Iterable[Sample]) -> model.Model:
    """A model of these pages. Each page weighs the root of its passages, so that a long list is not the whole of the lesson."""
    import lightgbm
    import numpy

    known = [[(row, label) for row, label in zip(s.rows, s.labels, strict=True) if label is not None] for s in samples]
    weights = [len(page) ** -0.5 for page in known for _ in page]
    rows = numpy.array([row for page in known for row, _ in page])
    labels = numpy.array([label for page in known for _, label in page])
    fitted = (
        lightgbm.LGBMClassifier(random_state=seed, **SETTINGS).fit(rows, labels, sample_weight=weights) for seed in range(BAGS)
    )
    return model.Model(
        tuple(_tree(tree["tree_structure"]) for one in fitted for tree in one.booster_.dump_model()["tree_info"])
    )


def _tree(node: dict[str, Any]) -> model.Tree:
    """A tree with its share of the mean over the bags."""
    if "leaf_value" in node:
        return round(float(node["leaf_value"]) / BAGS, DIGITS)
    return node["split_feature"], round(float(node["threshold"]), DIGITS), _tree(node["left_child"]), _tree(node["right_child"])


def write(found: model.Model, path: Path) -> None:
    """The model as data: one line a tree, so that a change of it can be read."""
    head = f'{{\n"features": {json.dumps(NAMES)},\n"trees": [\n'
    path.write_text(head + ",\n".join(json.dumps(tree) for tree in found.trees) + "\n]\n}\n", encoding="utf-8")


def _figures(samples: list[Sample]) -> Iterator[dict[str, Any]]:
    models = {
        (split, fold): trained([s for s in samples if _fold(s, split) != fold])
        for split, fold in track(
            [*product(range(SPLITS), range(FOLDS))], "models", console=Console(stderr=True), transient=True
        )
    }
    folders = list(dict.fromkeys(s.folder for s in samples))
    for folder in folders:
        own = [s for s in samples if s.folder == folder]
        alone = _scored(own, lambda s: None)
        unseen = [_scored(own, lambda s, split=split: models[split, _fold(s, split)]) for split in range(SPLITS)]
        yield from _rows(folder, "rules alone", alone, alone)
        yield from _rows(folder, "other publishers", {name: mean(f[name] for f in unseen) for name in alone}, alone)
        if len(folders) > 1:
            known = {s.publisher for s in own}
            elsewhere = trained([s for s in samples if s.folder != folder and s.publisher not in known])
            yield from _rows(folder, "other folders", _scored(own, lambda s, given=elsewhere: given), alone)


def _fold(page: Sample, split: int) -> int:
    """A publisher's fold in one of the splits: the same in each run, whatever else is in the folders."""
    return sha256(f"{split} {page.publisher}".encode()).digest()[0] % FOLDS


def _scored(samples: Sequence[Sample], model_of: Callable[[Sample], model.Model | None]) -> dict[str, float]:
    """The figures of the pages, and how many passages the model dropped."""
    rows, dropped = [], 0
    for page in samples:
        article: dict[str, Any] = {}
        if page.desk is not None:
            desk = deepcopy(page.desk)
            if (given := model_of(page)) is not None:
                model.boilerplate(desk, given)
            cleaned = finished(desk)
            dropped += sum(drop.rule == model.RULE for drop in cleaned.dropped)
            article = {"articleBody": "\n".join(passage.text for passage in cleaned.kept), "description": page.description}
        rows.append(scores(replace(page.truth, headline=None, authors=(), published=None), article))
    return {**averages(rows), "dropped": float(dropped)}


def _rows(folder: str, trained_on: str, figures: dict[str, float], alone: dict[str, float]) -> Iterator[dict[str, Any]]:
    for name in filter(figures.__contains__, _MEASURES):
        figure, change = round(figures[name], 4), round(figures[name] - alone[name], 4)
        yield {"set": folder, "trained": trained_on, "measure": name, "figure": figure, "change": change}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
