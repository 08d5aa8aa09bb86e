"""Which systems the company exports from, and all exports of one world together."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from pipelines.simulate.amazon_connect.export import AmazonConnectExport
from pipelines.simulate.chitu.export import ChituExport
from pipelines.simulate.company import Company, CompanyPlan
from pipelines.simulate.costs.export import CostsExport
from pipelines.simulate.jingmai.export import JingmaiExport
from pipelines.simulate.mentions.export import MentionsExport
from pipelines.simulate.order_lines.export import OrderLinesExport
from pipelines.simulate.output.exporting import Export
from pipelines.simulate.output.lines import write_json
from pipelines.simulate.pinduoduo.export import PinduoduoExport
from pipelines.simulate.qiyu.export import QiyuExport
from pipelines.simulate.quality.export import QualityExport
from pipelines.simulate.surveys.export import SurveysExport
from pipelines.simulate.taobao.export import TaobaoExport
from pipelines.simulate.targets.export import TargetsExport
from pipelines.simulate.workforce.export import WorkforceExport

Opener = Callable[[Path, Company, bool], Export]


def _plain(kind: type[Export]) -> Opener:
    return lambda root, company, dirt: kind(root, company.plan, dirt=dirt)


def _workforce(root: Path, company: Company, dirt: bool) -> Export:
    return WorkforceExport(root, company.plan, company.staff, dirt=dirt)


SYSTEMS: dict[str, Opener] = {
    **{
        kind.source: _plain(kind)
        for kind in (
            QiyuExport, AmazonConnectExport, ChituExport, JingmaiExport, PinduoduoExport,
            TaobaoExport, OrderLinesExport, SurveysExport, QualityExport, MentionsExport,
            CostsExport, TargetsExport,
        )
    },
    "workforce": _workforce,
}  # fmt: skip


def write_systems(
    root: Path, truth: Path, plan: CompanyPlan, sources: Iterable[str], *, dirt: bool = True
) -> Company:
    """Live through the plan once and write the exports of the chosen systems.

    Args:
        root: gets `<source>/<account>/file`.
        truth: gets `counts.json` (what is so, by source and entity), `files.json` (what a loader
            must count, by file and entity) and `<source>/kpis.json`.
        plan: what to simulate.
        sources: of `SYSTEMS`.
        dirt: whether the exports have their known defects.
    """
    company = Company(plan)
    exports = [SYSTEMS[source](root, company, dirt) for source in sources]
    for day in company.days():
        for export in exports:
            export.add(day)
    for export in exports:
        export.finish()
    truth.mkdir(parents=True, exist_ok=True)
    counts: dict[str, Any] = {export.source: export.truth for export in exports}
    write_json(truth / "counts.json", counts)
    for export in exports:
        kpis = export.kpis()
        if kpis is not None:
            (truth / export.source).mkdir(exist_ok=True)
            write_json(truth / export.source / "kpis.json", kpis)
    files = [
        {"source": export.source, "account": export.account, **record}
        for export in exports
        for record in export.accounting.as_records()
    ]
    write_json(truth / "files.json", files)
    return company
