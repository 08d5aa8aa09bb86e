"""The scorer of moods: its rules, how well it does on labelled messages, and how fast it is."""

from __future__ import annotations

import csv
import time
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import duckdb
import pytest

from pipelines.settings import PROJECT_ROOT
from pipelines.text.dbt_plugin import register
from pipelines.text.lexicon import FOLDER, LexiconError, read_lexicon
from pipelines.text.sentiment import Scorer, label

LABELLED = PROJECT_ROOT / "tests" / "data" / "sentiment_messages.csv"
CLASSES = ("positive", "neutral", "negative")
# Noise of a shared machine must not fail this; docs/text.md tells what was measured.
LEAST_MESSAGES_PER_SECOND = 5_000


class Quality(NamedTuple):
    """How often a class was right when given, and given when right."""

    precision: float
    recall: float


# What the scorer reaches, rounded down. The lexicon was tuned on the tuning half alone.
REACHED = {
    "tuning": {
        "positive": Quality(1.0, 1.0),
        "neutral": Quality(0.94, 1.0),
        "negative": Quality(1.0, 0.94),
    },
    "holdout": {
        "positive": Quality(1.0, 0.90),
        "neutral": Quality(0.70, 1.0),
        "negative": Quality(1.0, 0.68),
    },
}


@pytest.fixture(scope="module")
def scorer() -> Scorer:
    return Scorer()


def messages(split: str) -> list[dict[str, str]]:
    with LABELLED.open(encoding="utf-8") as file:
        return [row for row in csv.DictReader(file) if row["split"] == split]


def test_the_labelled_set_is_balanced_and_says_nothing_twice() -> None:
    rows = messages("tuning") + messages("holdout")
    assert len(rows) == len({row["text"] for row in rows}) == 300
    counted = Counter((row["split"], row["language"], row["label"]) for row in rows)
    assert len(counted) == 12
    assert set(counted.values()) == {25}


@pytest.mark.parametrize("split", REACHED)
def test_precision_and_recall_are_what_the_documentation_states(scorer: Scorer, split: str) -> None:
    given = Counter((row["label"], label(scorer.score(row["text"]))) for row in messages(split))
    for name in CLASSES:
        right = given[name, name]
        precision = right / sum(count for (_, said), count in given.items() if said == name)
        recall = right / sum(count for (true, _), count in given.items() if true == name)
        reached = REACHED[split][name]
        print(f"{split} {name}: precision {precision:.3f}, recall {recall:.3f}")
        assert reached.precision <= precision < reached.precision + 0.01, name
        assert reached.recall <= recall < reached.recall + 0.01, name


@pytest.mark.parametrize(
    ("worse", "better"),
    [
        ("不满意", "满意"),
        ("not helpful", "helpful"),
        ("有点失望", "还好"),
        ("非常失望", "有点失望"),
        ("it was bad", "it was not bad"),
        ("very slow", "slow"),
        ("good but slow", "slow but good"),
        ("is it good?", "it is good"),
        ("质量好吗", "质量好"),
    ],
)
def test_one_text_is_sadder_than_the_other(scorer: Scorer, worse: str, better: str) -> None:
    low, high = scorer.score(worse), scorer.score(better)
    assert low is not None
    assert high is not None
    assert low < high


def test_a_negation_ends_with_its_clause_and_its_reach(scorer: Scorer) -> None:
    assert scorer.score("not today, good") == scorer.score("good today")
    assert scorer.score("not one of the men who live here is good") == scorer.score("good")


@pytest.mark.parametrize(
    "text", [None, "", "  ", "12345", "??", "Où est mon colis", "荷物が届きません"]
)
def test_what_cannot_be_read_has_no_score(scorer: Scorer, text: str | None) -> None:
    assert scorer.score(text) is None
    assert label(scorer.score(text)) is None


@pytest.mark.parametrize("text", ["where is my order", "订单号是多少", "ok"])
def test_what_is_read_without_feeling_is_zero(scorer: Scorer, text: str) -> None:
    assert scorer.score(text) == 0
    assert label(0) == "neutral"


def test_scores_stay_within_their_bounds(scorer: Scorer) -> None:
    assert scorer.score("terrible " * 1_000) == -1
    assert scorer.score("太棒了" * 1_000) == 1


def test_the_version_follows_the_words(tmp_path: Path, scorer: Scorer) -> None:
    for path in FOLDER.glob("*.csv"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    assert Scorer(read_lexicon(tmp_path)).version == scorer.version
    with (tmp_path / "en.csv").open("a", encoding="utf-8") as file:
        file.write("bee's knees,polarity,2\n")
    changed = Scorer(read_lexicon(tmp_path))
    assert changed.version != scorer.version
    assert changed.score("the bee's knees") == pytest.approx(0.7071)


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("fine,mood,1", "line 2: kind 'mood' is none of"),
        ("fine,polarity,much", "line 2: could not convert"),
        ("123,polarity,1", "line 2: the phrase has no words"),
        ("fine,polarity,1\nFine,polarity,2", "line 3: the phrase stands in the lexicon already"),
    ],
)
def test_a_bad_row_of_the_lexicon_is_named(tmp_path: Path, row: str, why: str) -> None:
    (tmp_path / "own.csv").write_text(f"phrase,kind,weight\n{row}\n", encoding="utf-8")
    with pytest.raises(LexiconError, match=why):
        read_lexicon(tmp_path)


def test_sql_has_the_same_scores(scorer: Scorer) -> None:
    with duckdb.connect() as con:
        register(con)
        found = con.execute(
            "select text_sentiment('态度差'), text_sentiment(null), text_model_version()"
        ).fetchone()
    assert found == (scorer.score("态度差"), None, scorer.version)


def test_it_is_fast_enough(scorer: Scorer) -> None:
    texts = [row["text"] for row in messages("tuning") + messages("holdout")] * 20
    started = time.perf_counter()
    for text in texts:
        scorer.score(text)
    pace = len(texts) / (time.perf_counter() - started)
    print(f"{pace:,.0f} messages a second")
    assert pace > LEAST_MESSAGES_PER_SECOND
