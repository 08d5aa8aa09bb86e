"""The real exports beside the project as three more accounts of the shared world."""

from __future__ import annotations

import shutil
from pathlib import Path

BPIC = "zendesk_bpic2013"
FOLDERS = {
    "servicenow_demo": "servicenow/demo",
    "helpdesk_italy": "event_log/italy",
    BPIC: BPIC,
}
# What another package computed is for comparing, not for loading.
SAMPLE = "expected_metrics_sample.csv"


def copy(shared_data: Path, inbox: Path) -> None:
    """Put them into the inbox; nothing where they are absent, the tests then skip or fail."""
    for name, account in FOLDERS.items():
        if (shared_data / name).is_dir():
            shutil.copytree(
                shared_data / name, inbox / account, ignore=shutil.ignore_patterns(SAMPLE)
            )
