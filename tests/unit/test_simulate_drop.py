"""What lands in an inbox and when: whole exports, once."""

from __future__ import annotations

import gzip
import json
from datetime import date
from pathlib import Path

import pytest

from pipelines.settings import Settings
from pipelines.simulate import drop
from pipelines.simulate.company import Company, CompanyPlan
from pipelines.simulate.company_demo import company_plan, write_company

UNTIL = date(2026, 10, 31)


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    def tiny(size: str, seed: int) -> CompanyPlan:
        return company_plan(seed, 200, days=40, until=UNTIL)

    monkeypatch.setattr(drop, "sized_plan", tiny)
    return Settings(home=tmp_path / "home", quiet_seconds=0)


def files_in(settings: Settings) -> list[str]:
    inbox = settings.paths.inbox
    return sorted(str(p.relative_to(inbox)) for p in inbox.rglob("*") if p.is_file())


def test_a_world_is_dropped_once_and_leaves_no_hidden_folder(settings: Settings) -> None:
    assert drop.ensure_demo(settings, size="S", seed=7)
    first = files_in(settings)
    assert {name.split("/")[0] for name in first} == set(drop.SOURCES)
    assert [path.name for path in settings.paths.inbox.iterdir() if path.name[0] == "."] == []
    for path in settings.paths.inbox.rglob("*.json"):
        path.unlink()
    assert not drop.ensure_demo(settings, size="S", seed=7)
    assert len(files_in(settings)) < len(first)


def test_another_seed_is_another_drop(settings: Settings) -> None:
    drop.ensure_demo(settings, size="S", seed=7)
    assert drop.ensure_demo(settings, size="S", seed=8)


def test_a_cut_off_drop_is_made_anew(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def cut_off(work: Path, target: Path) -> None:
        raise OSError("no space left")

    with monkeypatch.context() as patch:
        patch.setattr(drop, "_move_in", cut_off)
        with pytest.raises(OSError, match="no space"):
            drop.ensure_demo(settings, size="S", seed=7)
    assert drop.ensure_demo(settings, size="S", seed=7)
    assert files_in(settings)
    assert not any("/." in f"/{name}" for name in files_in(settings))


def test_a_world_that_was_dropped_gets_systems_that_are_new(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop.ensure_demo(settings, size="S", seed=7)
    before = files_in(settings)
    monkeypatch.setattr(drop, "SOURCES", (*drop.SOURCES, "targets_of_nobody"))
    monkeypatch.setattr(drop, "write_company", write_with_one_more)
    assert drop.ensure_demo(settings, size="S", seed=7)
    assert set(files_in(settings)) - set(before) == {"targets_of_nobody/northwind/new.csv"}
    record = json.loads((settings.home / "demo" / "dropped.json").read_text(encoding="utf-8"))
    assert "targets_of_nobody" in record["sources"]


def write_with_one_more(
    root: Path, truth: Path, plan: CompanyPlan, sources: tuple[str, ...]
) -> None:
    write_company(root, truth, plan, sources[:-1])
    folder = root / sources[-1] / "northwind"
    folder.mkdir(parents=True)
    (folder / "new.csv").write_text("new\n", encoding="utf-8")


def test_people_who_write_to_the_helpdesk_are_known_to_the_shops(tmp_path: Path) -> None:
    plan = company_plan(7, 1_500, days=120, until=UNTIL)
    write_company(tmp_path / "inbox", tmp_path / "truth", plan, ("zendesk",))
    path = tmp_path / "inbox" / "zendesk" / "northwind" / "users.ndjson.gz"
    lines = gzip.decompress(path.read_bytes()).splitlines()
    users = [json.loads(line)["user"] for line in lines]
    logins = {user["external_id"] for user in users if user.get("external_id")}
    orders = [order for day in Company(plan).days() for order in day.orders]
    assert len(logins) > 100
    assert logins <= {order.person.login for order in orders if order.paid_at is not None}
