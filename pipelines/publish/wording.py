"""The sentences that say how the data stand, in English and Chinese. Pure: no file, no clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from pipelines.publish.builds import Build
from pipelines.quality.results import CheckCounts

State = Literal["green", "amber", "red"]
RunState = Literal["published", "gate_failed", "failed", "rolled_back"]

REASON_LENGTH = 160


@dataclass(frozen=True)
class Situation:
    """All that the message depends on."""

    build: Build | None
    run_state: RunState
    run_at: datetime
    run_checks: CheckCounts
    reason: str
    is_late: bool
    zone: ZoneInfo


@dataclass(frozen=True)
class Message:
    """One state in a traffic light's colours, and what it means."""

    state: State
    en: str
    zh: str


def describe(situation: Situation) -> Message:
    """The newest run decides the colour; the shown build decides what the data are."""
    if situation.run_state == "gate_failed":
        return _gate_failed(situation)
    if situation.run_state == "failed":
        return _failed(situation)
    if situation.build is None:
        return Message("red", "No data have been published yet", "尚未发布任何数据")
    if situation.run_state == "rolled_back":
        return _rolled_back(situation, situation.build)
    return _published(situation, situation.build)


def _published(situation: Situation, build: Build) -> Message:
    checks = build.checks
    if checks.warned:
        en = f"{checks.passed} of {checks.total} checks passed, {_warnings(checks.warned)}"
        zh = f"{checks.total} 项检查中 {checks.passed} 项通过，{checks.warned} 项警告"
    else:
        en, zh = f"all {checks.total} checks passed", f"{checks.total} 项检查全部通过"
    late_en = " · the next load is overdue" if situation.is_late else ""
    late_zh = "，下一次加载已逾期" if situation.is_late else ""
    return Message(
        "amber" if checks.warned or situation.is_late else "green",
        f"{_data_en(build, situation.zone)} · build {build.build_id} · {en}{late_en}",
        f"{_data_zh(build, situation.zone)}，版本 {build.build_id}，{zh}{late_zh}",
    )


def _rolled_back(situation: Situation, build: Build) -> Message:
    zone = situation.zone
    return Message(
        "amber",
        f"Rolled back to {_build_en(build, zone)} · {_data_en(build, zone)}",
        f"已回退到 {_build_zh(build, zone)}，{_data_zh(build, zone)}",
    )


def _gate_failed(situation: Situation) -> Message:
    count = situation.run_checks.failed
    noun = "check" if count == 1 else "checks"
    return _not_published(
        situation, f"failed at the gate: {count} {noun}", f"未通过质量检查：{count} 项不合格"
    )


def _failed(situation: Situation) -> Message:
    first_line = situation.reason.partition("\n")[0][:REASON_LENGTH]
    reason = f": {first_line}" if first_line else ""
    return _not_published(situation, f"failed{reason}", f"失败{reason.replace(': ', '：', 1)}")


def _not_published(situation: Situation, en: str, zh: str) -> Message:
    zone, build = situation.zone, situation.build
    seen_en = "nothing has been published yet"
    seen_zh = "尚未发布任何数据"
    if build is not None:
        seen_en = f"you see {_build_en(build, zone)} · {_data_en(build, zone)}"
        seen_zh = f"当前显示 {_build_zh(build, zone)}，{_data_zh(build, zone)}"
    return Message(
        "red",
        f"Load of {_at_en(situation.run_at, zone)} {en}; {seen_en}",
        f"{_at_zh(situation.run_at, zone)}的加载{zh}；{seen_zh}",
    )


def _build_en(build: Build, zone: ZoneInfo) -> str:
    return f"the build of {_at_en(build.built_at, zone)} ({build.build_id})"


def _build_zh(build: Build, zone: ZoneInfo) -> str:
    return f"{_at_zh(build.built_at, zone)}的版本（{build.build_id}）"


def _data_en(build: Build, zone: ZoneInfo) -> str:
    return f"Data as of {_at_en(build.data_as_of, zone)}" if build.data_as_of else "No data loaded"


def _data_zh(build: Build, zone: ZoneInfo) -> str:
    return f"数据截至 {_at_zh(build.data_as_of, zone)}" if build.data_as_of else "没有数据"


def _at_en(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M} ({zone.key})"


def _at_zh(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}（{zone.key}）"


def _warnings(count: int) -> str:
    return "1 warning" if count == 1 else f"{count} warnings"
