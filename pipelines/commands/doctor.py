"""`doctor`: what is wrong with this installation, and what to do about it."""

from __future__ import annotations

import typer

from pipelines.commands.options import Home, Json, settings_for

MARKS = {"ok": "ok", "warning": "!!", "broken": "XX"}


def doctor(home: Home = None, json: Json = False) -> None:
    """Look for causes of trouble: set-up, settings, files, secrets, ports, pages."""
    from pipelines.console import print_json, print_line
    from pipelines.doctor import examine
    from pipelines.errors import ExitCode

    findings = examine(settings_for(home))
    broken = [finding for finding in findings if finding.state == "broken"]
    if json:
        print_json(findings)
    else:
        for finding in findings:
            print_line(f"{MARKS[finding.state]}  {finding.title}: {finding.cause}")
            if finding.remedy:
                print_line(f"      what to do: {finding.remedy}")
        print_line(f"{len(findings)} checks, {len(broken)} broken.")
    if broken:
        raise typer.Exit(int(ExitCode.SETUP_BROKEN))
