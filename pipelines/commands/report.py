"""`report monthly | quarterly | half-year | send | sent`: written reports, as files and by mail."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.commands.options import Home, Json, settings_for

if TYPE_CHECKING:
    from pipelines.reports.files import Format
    from pipelines.reports.periods import Kind
    from pipelines.reports.scope import Scope

report_app = typer.Typer(help="Written reports", no_args_is_help=True)


class LanguageChoice(StrEnum):
    """In which languages files are written."""

    EN = "en"
    ZH = "zh"
    BOTH = "both"


Language = Annotated[LanguageChoice, typer.Option(help="en, zh or both")]
Shop = Annotated[str | None, typer.Option(help="Only this shop's rows")]
Team = Annotated[str | None, typer.Option(help="Only this team's rows")]
Agent = Annotated[str | None, typer.Option(help="Only this person's rows, by person_key")]
Out = Annotated[Path | None, typer.Option(help="Folder (default: reports/ in the state folder)")]
Formats = Annotated[str, typer.Option("--format", help="pdf, html, or both: pdf,html")]
Period = Annotated[str | None, typer.Option(help="Default: the newest complete one")]


def _add_command(kind: Kind, meaning: str) -> None:
    """`helpmart report <kind>`: one command for each length of the period."""

    def command(
        period: Period = None,
        language: Language = LanguageChoice.BOTH,
        shop: Shop = None,
        team: Team = None,
        agent: Agent = None,
        out: Out = None,
        formats: Formats = "pdf,html",
        home: Home = None,
        json: Json = False,
    ) -> None:
        _write(kind, period, language, _scope(shop, team, agent), out, formats, home, json)

    report_app.command(kind, help=meaning)(command)


_add_command("monthly", "The report on a month, such as 2026-03.")
_add_command("quarterly", "The report on a quarter, such as 2026-Q1.")
_add_command("half-year", "The report on half a year, such as 2026-H1.")


@report_app.command("send")
def send(
    again: Annotated[
        str | None, typer.Option(help="Also mails to this address that were cut off before")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what is due")] = False,
    home: Home = None,
    json: Json = False,
) -> None:
    """Send the reports that are due and were not sent yet; the daily load does so by itself."""
    from datetime import UTC, datetime

    from pipelines.console import as_jsonable, print_json, print_table
    from pipelines.reports.delivery.deliver import preview, sent_log
    from pipelines.reports.delivery.postman import post

    settings = settings_for(home)
    if again is not None:
        sent_log(settings).allow_again(again, datetime.now(UTC))
    if dry_run:
        outcomes = preview(settings)
    else:
        _require_passed_load(home)
        outcomes = post(settings)
    rows = as_jsonable(outcomes)
    if json:
        print_json(rows)
    else:
        columns = ["address", "report", "period", "ending", "detail"]
        print_table(rows, columns, empty="Nothing is due: see recipients.yml in docs/reports.md.")


@report_app.command("sent")
def sent(home: Home = None, json: Json = False) -> None:
    """Every mail that was sent, failed, or was cut off, newest first."""
    from pipelines.console import as_jsonable, print_json, print_table
    from pipelines.reports.delivery.deliver import sent_log

    rows = as_jsonable(sent_log(settings_for(home)).mails())
    if json:
        print_json(rows)
        return
    columns = ["changed_at", "address", "subject", "state", "build_id", "detail"]
    print_table(rows, columns, empty="No report was sent yet.")


def _require_passed_load(home: Path | None) -> None:
    """Nothing is sent while the newest load failed: its data were found wanting."""
    from pipelines.errors import ExitCode, HelpmartError
    from pipelines.status import read_status

    last = read_status(settings_for(home)).last_run
    if last is not None and last.state not in {"published", "rolled_back"}:
        raise HelpmartError(
            what="no report is sent, since the newest load did not pass",
            why=f"run {last.run_id} ended as {last.state}",
            remedy="see `helpmart status`; send again after a load that passed",
            exit_code=ExitCode.GATE_FAILED,
        )


def _write(
    kind: Kind,
    period: str | None,
    language: LanguageChoice,
    scope: Scope,
    out: Path | None,
    formats: str,
    home: Path | None,
    json: bool,
) -> None:
    from pipelines.console import print_json, print_line
    from pipelines.reports.build import make_report
    from pipelines.reports.files import write_files

    settings = settings_for(home)
    kinds = _formats(formats)
    report = make_report(settings, kind, period=period, scope=scope)
    languages = ("en", "zh") if language is LanguageChoice.BOTH else (language.value,)
    folder = out or settings.paths.reports / report.period.name
    written = write_files(settings, report, folder, languages, kinds)  # type: ignore[arg-type]
    if json:
        print_json({"build_id": report.build_id, "files": [str(path) for path in written]})
        return
    for path in written:
        print_line(str(path))


def _scope(shop: str | None, team: str | None, agent: str | None) -> Scope:
    from pipelines.errors import ExitCode, HelpmartError
    from pipelines.reports.scope import Grain, Scope

    named: list[tuple[Grain, str | None]] = [("shop", shop), ("team", team), ("agent", agent)]
    chosen = [Scope(grain, member) for grain, member in named if member]
    if len(chosen) > 1:
        raise HelpmartError(
            what="a report is on one shop, one team or one person",
            remedy="give only one of --shop, --team and --agent",
            exit_code=ExitCode.USAGE,
        )
    return chosen[0] if chosen else Scope()


def _formats(text: str) -> list[Format]:
    from pipelines.errors import ExitCode, HelpmartError
    from pipelines.reports.files import FORMATS

    wanted = [name.strip() for name in text.split(",") if name.strip()]
    chosen = [name for name in FORMATS if name in wanted]
    if not chosen or set(wanted) - set(FORMATS):
        raise HelpmartError(
            what=f"{text!r} names no format",
            remedy=f"write --format {','.join(FORMATS)}",
            exit_code=ExitCode.USAGE,
        )
    return chosen
