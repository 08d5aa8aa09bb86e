"""What happens after a build was published: mails that are due, thresholds that were crossed."""

from __future__ import annotations

import time

from pipelines.errors import HelpmartError
from pipelines.reports.delivery.alerts import load_alert, tell, threshold_alerts
from pipelines.reports.delivery.deliver import Outcome, due_mails, send_due
from pipelines.reports.delivery.mail import smtp_transport
from pipelines.settings import Settings

BAD = frozenset({"failed", "uncertain"})


def post(settings: Settings) -> list[Outcome]:
    """Send every mail that is due.

    Raises:
        HelpmartError: Some did not go out; those are named, the others went.
    """
    if not due_mails(settings):
        return []
    outcomes = send_due(settings, smtp_transport(settings, time.sleep))
    wrong = [each for each in outcomes if each.ending in BAD]
    if wrong:
        first = wrong[0]
        raise HelpmartError(
            what=f"{len(wrong)} of {len(outcomes)} reports did not go out for sure",
            where=f"{first.report} {first.period} to {first.address}",
            why=f"{first.ending}: {first.detail or 'it was cut off while it was handed over'}",
            remedy="failed ones are sent with the next load or by `helpmart report send`; an"
            " uncertain one after `helpmart report send --again ADDRESS`",
        )
    return outcomes


def after_publish(settings: Settings) -> list[Outcome]:
    """Alerts first, since they are for today; both are tried whatever happens to the other."""
    try:
        tell(settings, threshold_alerts(settings))
    finally:
        outcomes = post(settings)
    return outcomes


def after_failure(settings: Settings, run_id: str, state: str, reason: str) -> None:
    """Tell the rooms that a load failed or was stopped."""
    tell(settings, [load_alert(settings, run_id, state, reason)])
