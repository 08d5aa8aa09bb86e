"""What became of the chat tool's bot conversations, by the catalogue's words, month by month.

A conversation is one matter: it is handed over when its last session with the bot ended so, and
silent when the bot closed that session because nothing more was said. Whoever answers first after
the bot ends the wait, which begins with the hand-over.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from pipelines.simulate.company.contacts import Chat

Months = dict[str, list[int]]


def bot_kpis(chains: Iterable[list[Chat]], zone: str = "Asia/Shanghai") -> dict[str, Months]:
    """Numerator and denominator of each KPI by local month, such as 2026-03.

    Args:
        chains: Sessions by matter, each in the order in which they began.
        zone: Reporting zone.
    """
    local = ZoneInfo(zone)

    def month(at: int) -> str:
        return datetime.fromtimestamp(at, UTC).astimezone(local).strftime("%Y-%m")

    found: dict[str, Months] = {
        name: defaultdict(lambda: [0, 0])
        for name in ("bot_handoff_rate", "bot_silent_close_rate", "post_bot_frt")
    }
    for chain in chains:
        bots = [chat for chat in chain if chat.is_bot]
        if not bots:
            continue
        last, began = bots[-1], month(bots[0].started_at)
        is_handed_over = last.ended_by == "handover"
        for name, holds in (
            ("bot_handoff_rate", is_handed_over),
            ("bot_silent_close_rate", last.ended_by == "timeout"),
        ):
            found[name][began][0] += holds
            found[name][began][1] += 1
        replies = [chat.first_reply_at for chat in chain if chat.first_reply_at is not None]
        if is_handed_over and replies:
            wait = found["post_bot_frt"][month(last.ended_at)]
            wait[0] += min(replies) - last.ended_at
            wait[1] += 1
    return {name: dict(months) for name, months in found.items()}
