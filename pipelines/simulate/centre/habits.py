"""How people behave: every probability and delay of the simulation in one place."""

from __future__ import annotations

import math
from random import Random

MINUTE = 60
HOUR = 3600
DAY = 86_400

# Demand.
ARRIVALS_PER_TICKET = 0.955
OUTBOUND_PER_ARRIVAL = 0.035
OUTBOUND_CHINESE = 0.6
RETURNING_CUSTOMER = 0.45
IN_AN_ORGANIZATION = 0.07
OUT_OF_HOURS_BY_FORM = 0.85
KINDS = (("", 0.972), ("spam", 0.012), ("test", 0.008), ("thanks", 0.004), ("empty", 0.004))
PRIORITIES = (("low", 0.22), ("normal", 0.47), ("high", 0.19), ("urgent", 0.05), ("", 0.07))
WRITES_TWICE = 0.045
WRITES_TWICE_BY_SAME_CHANNEL = 0.6
WRITES_A_THIRD_TIME = 0.35
CHASES = 0.07

# The bot.
CHAT_MEETS_BOT = 0.75
LEAVES_BOT_IN_SILENCE = 0.17
CONTENT_WITH_BOT = 0.13
BOT_TIMEOUT = 30 * MINUTE

# Agents. Replies, transfers and returns make about this many pieces of work of one arrival.
TOUCHES_PER_ARRIVAL = 2.1
LONGEST_MEAN_HANDLING = 12 * MINUTE
UTILISATION = 0.68
TAKES_OVER = 0.4
SETS_MISSING_PRIORITY = 0.8
TRIAGE = (("low", 0.3), ("normal", 0.5), ("high", 0.2))
ESCALATES = 0.05
MERGES_TWINS = 0.85
MERGES_INTO_OLDER = 0.75
KEEPS_TEST_TICKET = 0.5
MAX_TRANSFERS = 2
FIRST_TOUCH = (
    ("transfer", 0.11),
    ("solve", 0.44),
    ("ask", 0.33),
    ("hold", 0.06),
    ("interim", 0.03),
    ("solve_silently", 0.03),
)
LATER_TOUCH = (
    ("transfer", 0.03),
    ("solve", 0.63),
    ("ask", 0.23),
    ("hold", 0.05),
    ("interim", 0.03),
    ("solve_silently", 0.03),
)
MEDIAN_HOLD = 2 * DAY
MEDIAN_INTERIM = DAY
CHAT_GOES_ON = 0.62
AGENT_ADDS_A_LINE = 0.2
CALL_SOLVES = 0.6

# Customers after an answer.
ANSWERS_A_QUESTION = 0.84
ANSWERS_A_NOTICE = 0.35
MEDIAN_ANSWER = {"chat": HOUR, "email": 8 * HOUR, "web": 6 * HOUR, "voice": 10 * HOUR}
COMES_BACK = 0.075
SAYS_THANKS = 0.05
SOLVED_TOO_SOON = 0.05

# Automations and surveys.
PENDING_SOLVED_AFTER = 7 * DAY
SOLVED_CLOSED_AFTER = 5 * DAY
SURVEY_AFTER = DAY
SURVEY_OFFERED = 0.85
SURVEY_ANSWERED = 0.36
CHANGES_MIND = 0.06


def around(median: float, spread: float, rng: Random) -> int:
    """Seconds from a lognormal distribution: mostly near the median, sometimes far beyond."""
    return int(rng.lognormvariate(math.log(median), spread))


def within(mean: float, rng: Random) -> int:
    """Seconds from an exponential distribution."""
    return int(rng.expovariate(1 / mean))
