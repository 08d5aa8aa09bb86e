"""Mails and alerts: handed over once, over TLS or not at all, secrets kept."""

from __future__ import annotations

import json
import socketserver
import stat
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from pipelines.errors import HelpmartError
from pipelines.orchestration.journal import SilentReporter, open_journal
from pipelines.reports.delivery import alerts
from pipelines.reports.delivery.alerts import Alert, rooms, tell
from pipelines.reports.delivery.mail import (
    Attachment,
    NotSentError,
    SmtpTransport,
    UncertainError,
    compose,
    smtp_transport,
)
from pipelines.reports.delivery.recipients import load_recipients
from pipelines.reports.delivery.sent import SentLog
from pipelines.reports.scope import Scope
from pipelines.settings import Settings

NOW = datetime(2026, 11, 3, tzinfo=UTC)


class Sink(socketserver.StreamRequestHandler):
    """A mail server of few words; `answers` holds what it says to RCPT, one an attempt."""

    def handle(self) -> None:
        server: SinkServer = self.server  # type: ignore[assignment]
        self.say("220 sink")
        while line := self.rfile.readline().decode().strip():
            word = line.split(":")[0].split()[0].upper()
            if word == "RCPT":
                self.say(server.answers.pop(0) if server.answers else "250 ok")
            elif word == "DATA":
                self.say("354 go")
                server.mails.append(self.body())
                if server.hangs_up:
                    return
                self.say("250 taken")
            elif word == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok")

    def body(self) -> str:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.decode())
        return "".join(lines)

    def say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


class SinkServer(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Sink)
        self.answers: list[str] = []
        self.mails: list[str] = []
        self.hangs_up = False


@pytest.fixture
def sink() -> Iterator[SinkServer]:
    with SinkServer() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield server
        server.shutdown()


def transport(server: SinkServer, waits: list[float], security: str = "none") -> SmtpTransport:
    host, port = server.server_address[:2]
    return SmtpTransport(str(host), int(port), security, "", "", waits.append)


def mail(subject: str = "月报") -> EmailMessage:
    return compose(
        sender="helpmart@example.com",
        to="boss@example.com",
        subject=subject,
        body="正文",
        key="abc",
        attachments=[Attachment("r.html", "html", "报告".encode())],
    )


def test_a_mail_arrives_with_its_attachment(sink: SinkServer) -> None:
    transport(sink, []).send(mail())
    (taken,) = sink.mails
    assert "Message-ID: <abc@example.com>" in taken
    assert 'filename="r.html"' in taken
    assert "To: boss@example.com" in taken


def test_a_busy_server_is_asked_again_and_a_refusal_is_not(sink: SinkServer) -> None:
    waits: list[float] = []
    sink.answers = ["451 busy", "250 ok"]
    transport(sink, waits).send(mail())
    assert (len(sink.mails), len(waits)) == (1, 1)
    sink.answers = ["550 no such user"]
    with pytest.raises(NotSentError, match="no such user"):
        transport(sink, waits).send(mail())
    assert (len(sink.mails), len(waits)) == (1, 1)


def test_a_server_that_stays_busy_is_given_up(sink: SinkServer) -> None:
    waits: list[float] = []
    sink.answers = ["451 busy"] * 9
    with pytest.raises(NotSentError, match="busy"):
        transport(sink, waits).send(mail())
    assert len(sink.answers) == 6
    assert len(waits) == 2


def test_a_line_that_breaks_after_the_text_is_not_tried_again(sink: SinkServer) -> None:
    waits: list[float] = []
    sink.hangs_up = True
    with pytest.raises(UncertainError):
        transport(sink, waits).send(mail())
    assert (len(sink.mails), waits) == (1, [])


def test_nothing_is_sent_in_clear_text_where_tls_was_asked_for(sink: SinkServer) -> None:
    waits: list[float] = []
    with pytest.raises(NotSentError, match="STARTTLS"):
        transport(sink, waits, "starttls").send(mail())
    assert (sink.mails, waits) == ([], [])


def test_a_header_takes_no_second_line() -> None:
    with pytest.raises(ValueError, match=r"linefeed|newline|header"):
        mail("subject\r\nBcc: all@example.com")


def settings_of(home: Path, **more: object) -> Settings:
    return Settings(home=home, mail_from="helpmart@example.com", **more)  # type: ignore[arg-type]


def test_a_password_is_read_from_a_file_that_only_its_owner_reads(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, mail_host="mail.example.com", mail_user="helpmart")
    with pytest.raises(HelpmartError, match="password of helpmart is missing"):
        smtp_transport(settings, lambda _: None)
    secret = settings.paths.secrets / "mail_password"
    secret.parent.mkdir()
    secret.write_text("hunter2\n")
    secret.chmod(0o644)
    with pytest.raises(HelpmartError, match="readable by others") as caught:
        smtp_transport(settings, lambda _: None)
    assert "hunter2" not in str(caught.value)
    secret.chmod(stat.S_IRUSR | stat.S_IWUSR)
    assert smtp_transport(settings, lambda _: None).password == "hunter2"


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({}, "no mail server"),
        ({"mail_host": "mail.example.com", "mail_security": "none"}, "clear text"),
    ],
)
def test_a_mail_server_must_be_set_and_safe(
    tmp_path: Path, more: dict[str, object], said: str
) -> None:
    with pytest.raises(HelpmartError, match=said):
        smtp_transport(settings_of(tmp_path, **more), lambda _: None)


def test_a_mail_is_claimed_once_and_again_only_after_a_sure_failure(tmp_path: Path) -> None:
    log = SentLog(tmp_path / "sent.sqlite")

    def claim() -> bool:
        return log.claim("key", "boss@example.com", "subject", "build", NOW)

    assert [claim(), claim()] == [True, False]
    log.settle("key", "failed", NOW, "refused")
    assert [claim(), claim()] == [True, False]
    assert log.allow_again("boss@example.com", NOW) == 1
    assert claim()
    log.settle("key", "sent", NOW)
    assert log.allow_again("boss@example.com", NOW) == 0
    assert not claim()


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("{address: boss, role: executive}", "address"),
        ("{address: 'a@b.c, d@e.f', role: executive}", "address"),
        ("{address: a@b.c, role: team}", "needs a member"),
        ("{address: a@b.c, role: executive, member: x}", "needs a member"),
        ("{address: a@b.c, role: owner, member: x}", "role"),
        ("{address: a@b.c, role: executive, reports: [weekly]}", "reports"),
        ("{address: [", "recipients"),
    ],
)
def test_an_entry_that_cannot_be_used_stops_all_mails(
    tmp_path: Path, entry: str, said: str
) -> None:
    path = tmp_path / "recipients.yml"
    path.write_text(f"recipients:\n  - {entry}\n")
    with pytest.raises(HelpmartError, match="list of recipients") as caught:
        load_recipients(path)
    assert said in str(caught.value)


def test_a_recipient_reads_the_rows_of_the_role(tmp_path: Path) -> None:
    path = tmp_path / "recipients.yml"
    assert load_recipients(path) == ()
    path.write_text(
        "recipients:\n  - {address: a@b.c, role: executive}\n"
        "  - {address: d@e.f, role: agent, member: key1}\n"
    )
    assert [each.scope for each in load_recipients(path)] == [Scope(), Scope("agent", "key1")]


class Room(BaseHTTPRequestHandler):
    """A chat room that keeps what is posted."""

    def do_POST(self) -> None:
        server: RoomServer = self.server  # type: ignore[assignment]
        body = self.rfile.read(int(self.headers["Content-Length"]))
        server.posts.append(json.loads(body))
        self.send_response(server.answer)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class RoomServer(HTTPServer):
    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Room)
        self.posts: list[dict[str, str]] = []
        self.answer = 200


@pytest.fixture
def room() -> Iterator[RoomServer]:
    with RoomServer() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield server
        server.shutdown()


def with_room(home: Path, *urls: str) -> Settings:
    settings = Settings(home=home)
    settings.paths.secrets.mkdir(parents=True, mode=0o700)
    file = settings.paths.secrets / "alert_urls"
    file.touch(mode=0o600)
    file.write_text("# rooms\n" + "\n".join(urls))
    return settings


@pytest.mark.parametrize(
    ("period", "now", "before"),
    [
        ("day", date(2026, 10, 31), date(2026, 10, 30)),
        ("week", date(2026, 10, 19), date(2026, 10, 12)),
        ("month", date(2026, 10, 1), date(2026, 9, 1)),
    ],
)
def test_only_a_complete_period_is_worth_an_alert(
    period: alerts.AlertPeriod, now: date, before: date
) -> None:
    assert alerts.newest_periods(period, date(2026, 11, 1)) == (now, before)


def test_an_alert_is_told_once(tmp_path: Path, room: RoomServer) -> None:
    settings = with_room(tmp_path, f"json://127.0.0.1:{room.server_port}/")
    alert = Alert("kpi/csat", "CSAT missed its target", "body")
    assert [tell(settings, [alert]), tell(settings, [alert])] == [1, 0]
    assert [post["title"] for post in room.posts] == ["CSAT missed its target"]


def test_an_alert_that_did_not_arrive_is_told_again(tmp_path: Path, room: RoomServer) -> None:
    settings = with_room(tmp_path, f"json://token:secret@127.0.0.1:{room.server_port}/")
    alert = Alert("kpi/csat", "CSAT missed its target", "body")
    room.answer = 500
    with pytest.raises(HelpmartError, match="did not reach") as caught:
        tell(settings, [alert])
    assert "secret" not in str(caught.value).replace(str(settings.paths.secrets), "")
    room.answer = 200
    assert tell(settings, [alert]) == 1


def test_every_kind_of_room_that_the_manual_shows_is_known(tmp_path: Path) -> None:
    urls = [
        "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/",
        "wecombot://693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa",
        "dingtalk://a6k4ABnop7Wq/",
        "feishu://a1b2c3d4-0000-4000-8000-a1b2c3d4e5f6/",
    ]
    settings = with_room(tmp_path, *urls)
    assert rooms(settings) == urls
    alerts._service(settings, urls)
    with pytest.raises(HelpmartError, match="alert room") as caught:
        alerts._service(settings, ["telepathy://token"])
    assert "token" not in str(caught.value)


def break_a_load(settings: Settings) -> None:
    journal = open_journal(settings, "run-1", SilentReporter())
    with pytest.raises(OSError, match="disk full"), journal:
        raise OSError("disk full")


def test_a_load_that_breaks_is_told_to_the_rooms(tmp_path: Path, room: RoomServer) -> None:
    settings = with_room(tmp_path, f"json://127.0.0.1:{room.server_port}/")
    with (
        pytest.raises(OSError, match="disk full"),
        open_journal(settings, "run-1", SilentReporter()),
    ):
        raise OSError("disk full")
    (post,) = room.posts
    assert post["title"] == "helpmart: the load failed"
    assert "disk full" in post["message"]


def test_a_load_that_a_check_stopped_is_told_as_such(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, alert_language="zh")
    alert = alerts.load_alert(settings, "run-2", "gate_failed", "t: rows are unique")
    assert (alert.key, alert.title) == ("run/run-2", "helpmart：质量检查未通过，未发布")
    assert "t: rows are unique" in alert.body


def test_a_room_that_is_away_does_not_hide_how_a_load_broke(
    tmp_path: Path, room: RoomServer
) -> None:
    settings = with_room(tmp_path, f"json://127.0.0.1:{room.server_port}/")
    room.answer = 500
    with (
        pytest.raises(OSError, match="disk full"),
        open_journal(settings, "run-1", SilentReporter()),
    ):
        raise OSError("disk full")
    assert len(room.posts) == 1
