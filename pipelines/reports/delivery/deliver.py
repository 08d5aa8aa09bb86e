"""Sends the reports that are due, each once to each recipient, with their own rows only."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from pipelines.errors import HelpmartError
from pipelines.reports.build import make_report
from pipelines.reports.content import Report
from pipelines.reports.delivery.mail import (
    Attachment,
    NotSentError,
    Transport,
    UncertainError,
    compose,
)
from pipelines.reports.delivery.recipients import Recipient, load_recipients
from pipelines.reports.delivery.sent import SentLog
from pipelines.reports.files import Format, render, voice_of
from pipelines.reports.periods import Kind, Period, latest_complete
from pipelines.reports.render.layout import TITLES, scope_text
from pipelines.reports.scope import Scope
from pipelines.reports.store import newest_day
from pipelines.reports.texts import wording
from pipelines.settings import Settings
from pipelines.transform.published_file import open_published
from pipelines.transform.semantic import Language

Ending = Literal["due", "sent", "already sent", "uncertain", "failed"]
LOG_NAME = "sent.sqlite"


@dataclass(frozen=True)
class Due:
    """One mail that should be out by now."""

    recipient: Recipient
    kind: Kind
    period: Period

    @property
    def key(self) -> str:
        """Equal for the same report to the same person, whatever build it is made from."""
        who = self.recipient
        parts = (who.address, who.role, who.member, self.kind, self.period.name)
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]


@dataclass(frozen=True)
class Outcome:
    """How one mail ended."""

    address: str
    report: str
    period: str
    ending: Ending
    detail: str = ""


@dataclass
class _Press:
    """Makes each report once, however many people get it."""

    settings: Settings
    _reports: dict[tuple[Kind, str, Scope], Report] = field(default_factory=dict)
    _files: dict[tuple[Kind, str, Scope, Language, Format], bytes] = field(default_factory=dict)

    def report(self, due: Due) -> Report:
        key = (due.kind, due.period.name, due.recipient.scope)
        if key not in self._reports:
            self._reports[key] = make_report(
                self.settings, due.kind, period=due.period.name, scope=due.recipient.scope
            )
        return self._reports[key]

    def file(self, due: Due, kind: Format) -> bytes:
        who = due.recipient
        key = (due.kind, due.period.name, who.scope, who.language, kind)
        if key not in self._files:
            self._files[key] = render(self.settings, self.report(due), who.language, kind)
        return self._files[key]


def sent_log(settings: Settings) -> SentLog:
    """The log of this installation."""
    return SentLog(settings.paths.reports / LOG_NAME)


def due_mails(settings: Settings) -> list[Due]:
    """What every recipient should have by the newest day of the published data."""
    recipients = load_recipients(settings.paths.recipients_file)
    if not recipients:
        return []
    with open_published(settings) as connection:
        newest = newest_day(connection, settings.reporting_zone)
    return [each for who in recipients for each in _due(who, newest, settings.report_day)]


def _due(recipient: Recipient, newest: date, report_day: int) -> Iterator[Due]:
    for kind in recipient.reports:
        period = latest_complete(kind, newest)
        if newest >= period.end + timedelta(days=report_day - 1):
            yield Due(recipient, kind, period)


def preview(settings: Settings) -> list[Outcome]:
    """What is due and how far each mail came; sends nothing."""
    log = sent_log(settings)
    endings: dict[str | None, Ending] = {"sent": "already sent", "sending": "uncertain"}
    return [_outcome(due, endings.get(log.state(due.key), "due")) for due in due_mails(settings)]


def send_due(settings: Settings, transport: Transport) -> list[Outcome]:
    """Send what is due and not yet sent; one that fails keeps no other back."""
    log, press = sent_log(settings), _Press(settings)
    return [_send(settings, log, press, transport, due) for due in due_mails(settings)]


def _send(
    settings: Settings, log: SentLog, press: _Press, transport: Transport, due: Due
) -> Outcome:
    known = log.state(due.key)
    if known in {"sent", "sending"}:
        return _outcome(due, "already sent" if known == "sent" else "uncertain")
    try:
        report = press.report(due)
        files = [_attachment(press, due, kind) for kind in due.recipient.formats]
    except HelpmartError as error:
        return _outcome(due, "failed", error.what)
    subject, body = _words(settings, report, due.recipient.language)
    if not log.claim(due.key, due.recipient.address, subject, report.build_id, _now()):
        return _outcome(due, "uncertain")
    message = compose(
        sender=settings.mail_from,
        to=due.recipient.address,
        subject=subject,
        body=body,
        key=due.key,
        attachments=files,
    )
    try:
        transport.send(message)
    except UncertainError as error:
        return _outcome(due, "uncertain", str(error))
    except NotSentError as error:
        log.settle(due.key, "failed", _now(), str(error))
        return _outcome(due, "failed", str(error))
    log.settle(due.key, "sent", _now())
    return _outcome(due, "sent")


def _attachment(press: _Press, due: Due, kind: Format) -> Attachment:
    name = f"helpmart-{due.kind}-{due.period.name}-{due.recipient.language}.{kind}"
    return Attachment(name, kind, press.file(due, kind))


def _words(settings: Settings, report: Report, language: Language) -> tuple[str, str]:
    voice = voice_of(settings, language)
    period = report.period.label(language)
    title = wording(TITLES[report.period.kind], language)
    subject = wording("mail_subject", language).format(
        title=title, period=period, scope=scope_text(report, voice)
    )
    body = wording("mail_body", language).format(period=period, build=report.build_id)
    return subject, body + "\n"


def _outcome(due: Due, ending: Ending, detail: str = "") -> Outcome:
    return Outcome(due.recipient.address, due.kind, due.period.name, ending, detail)


def _now() -> datetime:
    return datetime.now(UTC)
