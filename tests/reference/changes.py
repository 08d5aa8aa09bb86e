"""The bridge of a quotient between two periods, in plain Python from docs/changes.md.

Imports nothing of the project: it is the second road to every effect.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

Side = tuple[float, float]
EFFECTS = ("mix", "rate", "entry", "exit")


def bridge(
    base: Mapping[str, Side], later: Mapping[str, Side], base_total: Side, total: Side
) -> dict[str, dict[str, Fraction]]:
    """The exact effects of each member.

    Args:
        base: Numerator and denominator by member in the base period.
        later: The same in the other period.
        base_total: Numerator and denominator of the whole desk, the denominator not 0.
        total: The same in the other period.
    """
    before_n, before_d = map(Fraction, base_total)
    after_n, after_d = map(Fraction, total)
    centre = (before_n / before_d + after_n / after_d) / 2
    found = {}
    for member in sorted({*base, *later}):
        n0, d0 = map(Fraction, base.get(member, (0, 0)))
        n1, d1 = map(Fraction, later.get(member, (0, 0)))
        w0, w1 = d0 / before_d, d1 / after_d
        whole = n1 / after_d - n0 / before_d - centre * (w1 - w0)
        effects = dict.fromkeys(EFFECTS, Fraction(0))
        if d0 and d1:
            r0, r1 = n0 / d0, n1 / d1
            effects["mix"] = (w1 - w0) * ((r0 + r1) / 2 - centre)
            effects["rate"] = (w0 + w1) / 2 * (r1 - r0)
        elif d1:
            effects["entry"] = whole
        elif d0:
            effects["exit"] = whole
        else:
            effects["rate"] = whole
        found[member] = effects
    return found
