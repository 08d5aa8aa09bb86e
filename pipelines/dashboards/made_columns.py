"""Columns that datasets get by themselves: members in order, week and weekday, period in progress.

Superset sorts members by name, here by the code of each character and there by the rules of a
language. Hair spaces in front and a mark after them, none of which can be seen, put members in
another order in both: more spaces sort earlier, whatever the name begins with.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pipelines.dashboards.dataset_specs import Calculated, DatasetSpec
from pipelines.dashboards.words import Text

ORDER_SPACE, ORDER_MARK = "\u200a", "\u200b"
SPACES = f"repeat(chr({ord(ORDER_SPACE)}), {{count}}) || chr({ord(ORDER_MARK)})"
IN_ORDER = "_in_order"
WEEK, WEEKDAY = "calendar_week", "calendar_weekday"
PROGRESS = "period_state"
WEEKDAYS = {
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    "zh": ("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
}
COMPLETE = Text(en="complete", zh="已完成")
IN_PROGRESS = Text(en="in progress", zh="进行中")


def made_columns(
    spec: DatasetSpec, labels: Mapping[str, Text], has_partial: bool
) -> dict[str, Calculated]:
    """The dataset's own calculated columns and those made for it."""
    made = dict(spec.calculated)
    for column, order in spec.ordered.items():
        spaces = SPACES.format(count=f"greatest(0, {order.most} - {order.by})")
        label = spec.labels.get(column) or labels.get(column) or Text(en=column, zh=column)
        made[f"{column}{IN_ORDER}"] = Calculated(
            type="VARCHAR", expression=f"{spaces} || {column}", label=label
        )
    if spec.time is not None:
        made |= _calendar(spec.time)
    if has_partial:
        made[PROGRESS] = Calculated(
            type="VARCHAR",
            expression=Text(en=_state("en"), zh=_state("zh")),
            label=Text(en="State", zh="状态"),
        )
    return made


def _calendar(time: str) -> dict[str, Calculated]:
    return {
        WEEK: Calculated(
            type="DATE",
            expression=f"cast(date_trunc('week', {time}) as date)",
            label=Text(en="Week", zh="周"),
        ),
        WEEKDAY: Calculated(
            type="VARCHAR",
            expression=Text(en=_weekday(time, "en"), zh=_weekday(time, "zh")),
            label=Text(en="Weekday", zh="星期"),
        ),
    }


def _weekday(time: str, language: str) -> str:
    names = ", ".join(f"'{name}'" for name in WEEKDAYS[language])
    return f"{SPACES.format(count=f'7 - isodow({time})')} || [{names}][isodow({time})]"


def _state(language: str) -> str:
    partial, complete = (
        (IN_PROGRESS.en, COMPLETE.en) if language == "en" else (IN_PROGRESS.zh, COMPLETE.zh)
    )
    return f"case when is_partial then '{partial}' else '{complete}' end"


def in_order(members: Sequence[str]) -> list[str]:
    """Members from first to last as an ordered column writes them."""
    last = len(members)
    return [
        ORDER_SPACE * (last - number) + ORDER_MARK + member
        for number, member in enumerate(members, start=1)
    ]
