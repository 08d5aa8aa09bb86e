"""What people of the simulation write follows from what happens to them."""

from __future__ import annotations

import csv
import re
from collections import Counter

import pytest

from pipelines.settings import PROJECT_ROOT
from pipelines.simulate.centre.texts import (
    APOLOGIES,
    FAREWELLS,
    GREETINGS,
    MOODS,
    QUESTIONS,
    SUBJECTS,
    THANKS,
    TOPICS,
    Occasion,
    is_upset,
    phrase,
)

LANGUAGES = ("en", "zh")


def moods(strain: float) -> Counter[int]:
    """How often a customer's later message is content (0), even (1) or upset (2)."""
    said = [text[0] for text in MOODS["more"]]
    occasions = (Occasion(number, "delivery", strain=strain) for number in range(400))
    return Counter(said.index(phrase("more", "en", one)) for one in occasions)


def test_the_more_a_customer_went_through_the_more_often_upset() -> None:
    calm, strained, worn = moods(0.1), moods(1.0), moods(2.0)
    assert calm[2] < strained[2] < worn[2]
    assert calm[0] > 0
    assert strained[0] == worn[0] == 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_upset_words_are_told_from_the_others(language: str) -> None:
    asked = [phrase("question", language, Occasion(n, "delivery")) for n in range(200)]
    assert 20 < sum(is_upset(text) for text in asked) < 80
    assert is_upset(MOODS["back"][2][language == "zh"])
    assert not is_upset(MOODS["back"][1][language == "zh"])
    assert not is_upset(phrase("thanks", language, Occasion(1, "delivery")))


def test_the_words_of_a_message_are_ever_the_same() -> None:
    occasion = Occasion(17, "payment", 11, 0.7, True, True)
    assert {phrase("answer", "zh", occasion) for _ in range(3)} == {
        phrase("answer", "zh", occasion)
    }
    assert phrase("answer", "zh", occasion) != phrase("answer", "en", occasion)


@pytest.mark.parametrize("language", LANGUAGES)
def test_greeting_apology_and_farewell_have_their_moment(language: str) -> None:
    which = language == "zh"
    first = [phrase("answer", language, Occasion(n, "return", 3, 0.0, True)) for n in range(200)]
    later = [
        phrase("answer", language, Occasion(n, "return", 3, 1.0, False, True)) for n in range(200)
    ]
    assert 100 < sum(GREETINGS[which] in text for text in first) < 200
    assert sum(APOLOGIES[which] in text for text in first) == 0
    assert sum(GREETINGS[which] in text for text in later) == 0
    assert 100 < sum(APOLOGIES[which] in text for text in later) < 200
    assert 100 < sum(FAREWELLS[which] in text for text in later) < 200


def test_every_topic_has_its_words_and_thanks_ask_for_nothing() -> None:
    assert set(TOPICS) == set(SUBJECTS) == set(QUESTIONS)
    seed = PROJECT_ROOT / "dbt_project" / "seeds" / "courtesy_phrases.csv"
    with seed.open(encoding="utf-8") as file:
        courtesies = {row["phrase"] for row in csv.DictReader(file)}
    said = {re.sub(r"\W+", " ", text.lower()).strip() for pair in THANKS for text in pair}
    assert said <= courtesies
