"""What customers make of it: solved or not, the grade, whether they return. Waiting costs."""

from __future__ import annotations

import math
from random import Random

from pipelines.simulate.centre.habits import DAY, HOUR
from pipelines.simulate.company.contacts import Grade
from pipelines.simulate.company.phrases import remark

RETURNS_IF_UNSOLVED = 0.46
RETURNS_IF_SOLVED = 0.03
MOST_ATTEMPTS = 4
ANSWERS_AT_ONCE = 0.9
ADDS_WORDS = 0.35
HARD = {"quality": -0.55, "warranty": -0.35, "return": -0.15, "delivery": -0.1}


def logistic(value: float) -> float:
    return 1 / (1 + math.exp(-value))


def is_resolved(rng: Random, topic: str, ability: float) -> bool:
    return rng.random() < logistic(1.45 + 0.9 * ability + 1.2 * HARD.get(topic, 0.1))


def grade(
    rng: Random,
    ended_at: int,
    *,
    language: str,
    topic: str,
    ability: float,
    waited: float,
    resolved: bool,
    attempt: int,
    answers: float,
) -> Grade:
    """An invitation and, of those who feel strongly more often, an answer."""
    mood = (
        4.2
        + 0.45 * ability
        - 0.5 * math.log1p(waited / 30)
        + (0.45 if resolved else -1.25)
        + 0.7 * HARD.get(topic, 0.0)
        - 0.3 * (attempt - 1)
        + rng.gauss(0, 0.7)
    )
    score = max(1, min(5, round(mood)))
    asked_at = ended_at + rng.randint(2, 40)
    chance = answers * (1.35 if score in {1, 5} else 0.8)
    if rng.random() >= chance:
        return Grade(asked_at, None, None, "")
    delay = rng.randint(5, 400) if rng.random() < ANSWERS_AT_ONCE else rng.randint(HOUR, DAY)
    text = remark(rng, language, topic, score) if rng.random() < ADDS_WORDS else ""
    return Grade(asked_at, asked_at + delay, score, text)


def comes_again(rng: Random, *, resolved: bool, attempt: int) -> int | None:
    """After how many days the same need brings the customer back."""
    chance = RETURNS_IF_SOLVED if resolved else RETURNS_IF_UNSOLVED
    if attempt >= MOST_ATTEMPTS or rng.random() >= chance:
        return None
    return 1 + min(9, int(rng.expovariate(1 / 1.8)))


def buys(rng: Random, *, resolved: bool, waited: float) -> bool:
    """Whether an inquiry becomes an order: every second of waiting loses some."""
    return rng.random() < (0.52 if resolved else 0.2) * math.exp(-waited / 160)
