"""Which KPI was compared with what, at which grains: told by the comparisons themselves.

What belongs here: counting the values that tests compare, handing the counts from the workers to
the end of the run, and the committed register of them. Comparing belongs to the tests; whether the
register suffices is judged in `test_kpi_proofs.py`.

Ways: `raw` is plain Python from the raw files, `records` plain Python from records before the
marts, `facts` plain Python from the rows of the KPI's own fact, `cells` plain Python from other
published values, `truth` what the simulator says happened, `mf` MetricFlow.
"""

from __future__ import annotations

import csv
import os
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest

REGISTER = Path(__file__).with_name("kpi_proofs.csv")
WAYS = ("raw", "records", "facts", "cells", "truth", "mf")
INDEPENDENT = frozenset({"raw", "records", "truth"})
GRAINS = ("day total", "month total", "month team", "month agent")
OUTPUT = "kpi_values_compared"


class Proof(NamedTuple):
    """A KPI that a test module compares in one way, and a grain at which it does."""

    module: str
    way: str
    kpi_id: str
    grain: str


_compared: Counter[Proof] = Counter()
_of_workers: Counter[Proof] = Counter()


def record(way: str, kpi_id: str, cells: Iterable[tuple[Any, ...]]) -> None:
    """Count values that a test has compared; a cell begins with (period type, start, grain)."""
    if way not in WAYS:
        raise ValueError(f"{way!r} is none of {WAYS}")
    module = Path(os.environ["PYTEST_CURRENT_TEST"].split("::")[0]).stem
    for period_type, _, grain, *_ in cells:
        _compared[Proof(module, way, kpi_id, f"{period_type} {grain}")] += 1


def compared_by(modules: Iterable[str]) -> set[Proof]:
    """What tests of these modules have compared in this process, at the register's grains."""
    wanted = set(modules)
    return {proof for proof in _compared if proof.module in wanted and _is_kept(proof)}


def _is_kept(proof: Proof) -> bool:
    """Of days the total alone is told; weeks and quarters go with them.

    What MetricFlow answers is checked where it is asked, in part by long tests.
    """
    return proof.way != "mf" and (proof.grain.startswith("month ") or proof.grain == GRAINS[0])


def read_register(path: Path = REGISTER) -> set[Proof]:
    """The committed register: one row a module, way and KPI."""
    with path.open(encoding="utf-8", newline="") as lines:
        return {
            Proof(row["module"], row["way"], row["kpi_id"], grain)
            for row in csv.DictReader(lines)
            for grain in row["grains"].split("; ")
        }


def write_register(path: Path, proofs: Iterable[Proof]) -> None:
    rows: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for proof in sorted(proofs):
        rows[proof[:3]].append(proof.grain)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("module", "way", "kpi_id", "grains"))
        writer.writerows((*key, "; ".join(grains)) for key, grains in sorted(rows.items()))


class Gaps(NamedTuple):
    """What a register leaves open: KPIs that are only recomputed from what the warehouse made of
    them, grains of KPIs that nothing tells, and KPIs that have no value anywhere."""

    derived: set[str]
    uncompared: dict[str, list[str]]
    empty: set[str]


def gaps(grains: Mapping[str, set[str]], register: Iterable[Proof]) -> Gaps:
    """Judge a register.

    Args:
        grains: By KPI, the grains at which it has to be proved.
        register: What is compared.
    """
    ways: dict[tuple[str, str], set[str]] = defaultdict(set)
    for proof in register:
        ways[proof.kpi_id, proof.grain].add(proof.way)
    found = Gaps(set(), {}, {kpi_id for kpi_id, own in grains.items() if not own})
    for kpi_id, own in grains.items():
        for grain in sorted(own):
            told = ways[kpi_id, grain] - {"mf"}
            if not told:
                found.uncompared.setdefault(kpi_id, []).append(grain)
            elif not told & INDEPENDENT:
                found.derived.add(kpi_id)
    return found


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whoever judges a group's comparisons runs after all of them."""
    last = [item for item in items if item.get_closest_marker("after_its_group")]
    for item in last:
        group = _group_of(item)
        items.remove(item)
        place = max(
            (number for number, other in enumerate(items, 1) if _group_of(other) == group),
            default=len(items),
        )
        items.insert(place, item)


def _group_of(item: pytest.Item) -> str:
    return str(next(item.iter_markers("xdist_group")).args[0])


def pytest_sessionfinish(session: pytest.Session) -> None:
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output[OUTPUT] = [(*proof, count) for proof, count in _compared.items()]


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """A worker of pytest-xdist is done; one that crashed has no output."""
    for *proof, count in getattr(node, "workeroutput", {}).get(OUTPUT, ()):
        _of_workers[Proof(*proof)] += count


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """The count of compared values, which nobody sees in the output of tests that pass."""
    proofs = _compared + _of_workers
    if not proofs:
        return
    terminalreporter.section("values of KPIs compared")
    for way in WAYS:
        own = {proof: count for proof, count in proofs.items() if proof.way == way}
        if own:
            kpis = len({proof.kpi_id for proof in own})
            terminalreporter.line(f"{way:8} {sum(own.values()):>9,} values of {kpis:>3} KPIs")
    total, kpis = sum(proofs.values()), len({proof.kpi_id for proof in proofs})
    terminalreporter.line(f"{'all':8} {total:>9,} values of {kpis:>3} KPIs")
