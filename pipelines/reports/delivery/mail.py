"""Mails by SMTP: what one looks like, and handing it over with TLS and retries."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import parseaddr
from typing import Protocol

from pipelines.errors import ExitCode, HelpmartError
from pipelines.reports.delivery.secret_files import read_secret_file
from pipelines.settings import Settings

PASSWORD_NAME = "mail_password"  # noqa: S105  the name of a file
TIMEOUT_SECONDS = 60.0
WAITS_SECONDS = (5.0, 30.0)
TAKEN, FORWARDED, PERMANENT = 250, 251, 500
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
MIME = {"pdf": ("application", "pdf"), "html": ("text", "html")}


class NotSentError(Exception):
    """The server did not take the mail; it may be tried again another time."""


class UncertainError(Exception):
    """The line broke while the mail was handed over; it may have arrived."""


@dataclass(frozen=True)
class Attachment:
    """A file beside the text."""

    name: str
    kind: str
    content: bytes


class Transport(Protocol):
    """Whatever takes a mail and says whether it was taken."""

    def send(self, message: EmailMessage) -> None: ...


def compose(
    *, sender: str, to: str, subject: str, body: str, key: str, attachments: list[Attachment]
) -> EmailMessage:
    """A mail to one address; its Message-ID follows from `key`, so a repeat can be told."""
    message = EmailMessage(policy=SMTP.clone(cte_type="7bit"))
    message["From"], message["To"], message["Subject"] = sender, to, subject
    message["Message-ID"] = f"<{key}@{sender.partition('@')[2] or 'helpmart'}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(body)
    for each in attachments:
        main, sub = MIME[each.kind]
        message.add_attachment(
            each.content,
            maintype=main,
            subtype=sub,
            filename=each.name,
            params={"charset": "utf-8"} if main == "text" else None,
        )
    return message


@dataclass(frozen=True)
class SmtpTransport:
    """One server; a connection a mail, so that a broken one spoils no other."""

    host: str
    port: int
    security: str
    user: str
    password: str
    sleep: Callable[[float], None]

    def send(self, message: EmailMessage) -> None:
        """Hand the mail over, trying again after what passes by itself.

        Raises:
            NotSentError: The server did not take it.
            UncertainError: Nobody knows whether it did.
        """
        for wait in (*WAITS_SECONDS, None):
            try:
                self._send_once(message)
            except OSError as error:
                if wait is None or _is_permanent(error):
                    raise NotSentError(_in_words(error)) from error
                self.sleep(wait)
            else:
                return

    def _send_once(self, message: EmailMessage) -> None:
        with self._connected() as server:
            if self.security == "starttls":
                server.starttls(context=ssl.create_default_context())
            if self.user:
                server.login(self.user, self.password)
            _hand_over(server, message)

    def _connected(self) -> smtplib.SMTP:
        if self.security == "tls":
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(self.host, self.port, timeout=TIMEOUT_SECONDS, context=context)
        return smtplib.SMTP(self.host, self.port, timeout=TIMEOUT_SECONDS)


def _hand_over(server: smtplib.SMTP, message: EmailMessage) -> None:
    """One mail to one address; only a line that breaks after its text was begun is uncertain."""
    sender, to = str(message["From"]), str(message["To"])
    server.ehlo_or_helo_if_needed()
    code, answer = server.mail(parseaddr(sender)[1])
    if code != TAKEN:
        raise smtplib.SMTPSenderRefused(code, answer, sender)
    code, answer = server.rcpt(to)
    if code not in {TAKEN, FORWARDED}:
        raise smtplib.SMTPRecipientsRefused({to: (code, answer)})
    try:
        code, answer = server.data(message.as_bytes())
    except smtplib.SMTPServerDisconnected as error:
        raise UncertainError(_in_words(error)) from error
    except smtplib.SMTPException:
        raise
    except OSError as error:
        raise UncertainError(_in_words(error)) from error
    if code != TAKEN:
        raise smtplib.SMTPDataError(code, answer)


def _is_permanent(error: Exception) -> bool:
    """Whether trying again is of no use: a refusal, a wrong password, a false certificate."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= PERMANENT for code, _ in error.recipients.values())
    if isinstance(error, smtplib.SMTPResponseException):
        return error.smtp_code >= PERMANENT
    return isinstance(error, (ssl.SSLError, smtplib.SMTPNotSupportedError))


def _in_words(error: Exception) -> str:
    """One line; smtplib's errors hold the server's answer and never the password."""
    return f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else 'no answer'}"


def smtp_transport(settings: Settings, sleep: Callable[[float], None]) -> SmtpTransport:
    """The server of the settings, its password from the secrets folder.

    Raises:
        HelpmartError: A setting is missing, or the password would cross a network in clear text.
    """
    if not settings.mail_host or not settings.mail_from:
        raise _setup("no mail server is set", "set mail_host and mail_from, see docs/reports.md")
    if settings.mail_security == "none" and settings.mail_host not in LOOPBACK:
        raise _setup(
            f"mails to {settings.mail_host} would cross the network in clear text",
            "set mail_security to starttls or tls; none is for a server on this machine",
        )
    password = read_secret_file(settings, PASSWORD_NAME) if settings.mail_user else ""
    if password is None:
        raise _setup(
            f"the password of {settings.mail_user} is missing",
            f"write it into {settings.paths.secrets / PASSWORD_NAME} with mode 600",
        )
    return SmtpTransport(
        host=settings.mail_host,
        port=settings.mail_port,
        security=settings.mail_security,
        user=settings.mail_user,
        password=password,
        sleep=sleep,
    )


def _setup(what: str, remedy: str) -> HelpmartError:
    return HelpmartError(what=what, remedy=remedy, exit_code=ExitCode.SETUP_BROKEN)
