"""Alerts to chat rooms: a KPI that crossed its target, a load that failed or was stopped.

Rooms are Apprise URLs in the secrets folder, one a line: they hold tokens, so they are never
printed. Slack, WeCom, DingTalk and Feishu speak through the same library.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal, Protocol

from pipelines.errors import ExitCode, HelpmartError
from pipelines.reports.content import Name, Sentence
from pipelines.reports.delivery.deliver import sent_log
from pipelines.reports.delivery.secret_files import read_secret_file
from pipelines.reports.figures import Cell, Values
from pipelines.reports.files import voice_of
from pipelines.reports.judge import Judge
from pipelines.reports.outline import load_outline
from pipelines.reports.periods import Part
from pipelines.reports.store import COLUMNS, Reading, newest_day
from pipelines.settings import Settings
from pipelines.transform.months import add_months
from pipelines.transform.published_file import open_published, read_dictionary
from pipelines.transform.semantic import Kpi

ROOMS_NAME = "alert_urls"
AlertPeriod = Literal["day", "week", "month"]


class Room(Protocol):
    """What Apprise gives: all rooms behind one call, which says whether all took it."""

    def notify(self, *, title: str, body: str) -> bool | None: ...


@dataclass(frozen=True)
class Alert:
    """One thing worth an interruption; `key` tells it from those already told."""

    key: str
    title: str
    body: str


def rooms(settings: Settings) -> list[str]:
    """The URLs of all rooms; none where nobody set any."""
    text = read_secret_file(settings, ROOMS_NAME) or ""
    lines = (line.strip() for line in text.splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def tell(settings: Settings, alerts: Iterable[Alert]) -> int:
    """Tell every room what it was not told yet; gives back how many alerts were new.

    Raises:
        HelpmartError: A URL is none that Apprise knows, or a room did not take the alert, which
            is told again the next time.
    """
    found = rooms(settings)
    if not found:
        return 0
    service = _service(settings, found)
    log = sent_log(settings)
    told = 0
    for alert in alerts:
        if not log.claim_alert(alert.key, datetime.now(UTC)):
            continue
        if not service.notify(title=alert.title, body=alert.body):
            log.forget_alert(alert.key)
            raise HelpmartError(
                what=f"an alert did not reach every room: {alert.title}",
                where=str(settings.paths.secrets / ROOMS_NAME),
                remedy="check that the room's address and token still hold; it is told again",
            )
        told += 1
    return told


def _service(settings: Settings, urls: list[str]) -> Room:
    import apprise

    # Its own log lines name hosts and tokens of rooms.
    logging.getLogger("apprise").setLevel(logging.CRITICAL)
    service: apprise.Apprise = apprise.Apprise()
    for number, url in enumerate(urls, start=1):
        if not service.add(url):
            raise HelpmartError(
                what="an alert room can't be used",
                where=f"{settings.paths.secrets / ROOMS_NAME}, room {number}",
                why="its address is none that Apprise knows",
                remedy="docs/reports.md shows one for Slack, WeCom, DingTalk and Feishu",
                exit_code=ExitCode.USAGE,
            )
    found: Room = service
    return found


def load_alert(settings: Settings, run_id: str, state: str, reason: str) -> Alert:
    """A run that broke, or that a check stopped."""
    voice = voice_of(settings, settings.alert_language)
    key = "alert_gate" if state == "gate_failed" else "alert_failed"
    title = voice.text(Sentence(key))
    words = Name(reason or "–", reason or "–")
    body = voice.text(Sentence("alert_reason", {"reason": words, "run": Name(run_id, run_id)}))
    return Alert(f"run/{run_id}", title, body)


def threshold_alerts(settings: Settings) -> list[Alert]:
    """KPIs of the settings that missed their target in the newest period and not in the one before.

    A period counts once it is complete; what the interval leaves open is no alert.
    """
    judge = Judge(load_outline().rules)
    voice = voice_of(settings, settings.alert_language)
    alerts = []
    for kpi_id, (now, before) in _newest_two(settings).items():
        if judge.status(now) != "missed" or (before and judge.status(before) == "missed"):
            continue
        cell = now.cells[0]
        sentence = Sentence(
            "alert_threshold",
            {
                "kpi": Name(now.kpi.name_en, now.kpi.name_zh),
                "value": now.figure("value"),
                "target": now.figure("target"),
                "start": cell.start,
            },
        )
        title = voice.text(Sentence("alert_missed", {"kpi": sentence.slots["kpi"]}))
        alerts.append(Alert(f"kpi/{kpi_id}/{cell.part}/{cell.start}", title, voice.text(sentence)))
    return alerts


def newest_periods(period: AlertPeriod, newest: date) -> tuple[date, date]:
    """First days of the newest complete period and of the one before it.

    The newest day of the data may still be coming in, so its own period is not complete.
    """
    if period == "day":
        return newest - timedelta(days=1), newest - timedelta(days=2)
    if period == "week":
        monday = newest - timedelta(days=newest.weekday())
        return monday - timedelta(weeks=1), monday - timedelta(weeks=2)
    first = newest.replace(day=1)
    return add_months(first, -1), add_months(first, -2)


def _newest_two(settings: Settings) -> dict[str, tuple[Reading, Reading | None]]:
    """The newest complete period of each KPI that has a value in it, and the one before it."""
    period = settings.alert_period
    with open_published(settings) as connection:
        kpis = read_dictionary(connection)
        now, before = newest_periods(period, newest_day(connection, settings.reporting_zone))
        rows = connection.execute(
            f"select kpi_id, period_start, {COLUMNS} from published.kpi_values"  # noqa: S608
            " where kpi_id in (select unnest(?::varchar[])) and period_type = ?"
            " and period_start in (?, ?) and grain = 'total' and not coalesce(no_base, false)",
            [settings.alert_kpis, period, now, before],
        ).fetchall()
    found = {
        (kpi_id, start): _reading(kpis[kpi_id], period, start, Values(*values))
        for kpi_id, start, *values in rows
        if kpi_id in kpis
    }
    chosen = dict.fromkeys(settings.alert_kpis)
    return {
        kpi_id: (found[kpi_id, now], found.get((kpi_id, before)))
        for kpi_id in chosen
        if (kpi_id, now) in found
    }


def _reading(kpi: Kpi, period: Part, start: date, values: Values) -> Reading:
    return Reading(kpi, (Cell(kpi.id, period, start, "total", "total"),), values)
