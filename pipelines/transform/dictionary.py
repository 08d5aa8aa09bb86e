"""Writes the KPI pages of the docs: `python -m pipelines.transform.dictionary docs`."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pipelines.settings import load_settings
from pipelines.transform import catalogue
from pipelines.transform.dbt_runner import load_manifest
from pipelines.transform.semantic import Kpi, Language, kpis_from_manifest

PAGES: dict[Language, str] = {"en": "kpis.md", "zh": "kpis.zh.md"}


def write_pages(folder: Path, kpis: list[Kpi], manifest: Mapping[str, Any]) -> list[Path]:
    """The dictionary, one page a language, and the catalogue; their paths."""
    pages = {name: dictionary_markdown(kpis, language) for language, name in PAGES.items()}
    pages[catalogue.PAGE] = catalogue.catalogue_markdown(manifest, kpis)
    for name, text in pages.items():
        (folder / name).write_text(text, encoding="utf-8")
    return [folder / name for name in pages]


def dictionary_markdown(kpis: Iterable[Kpi], language: Language = "en") -> str:
    """The KPI dictionary as one Markdown page, grouped as in the catalogue."""
    words = _WORDS[language]
    lines = [f"# {words['title']}", "", words["intro"], ""]
    by_group: dict[str, list[Kpi]] = {}
    for kpi in sorted(kpis, key=lambda each: (each.catalogue, each.id)):
        by_group.setdefault(kpi.group, []).append(kpi)
    for group, name in _GROUPS.items():
        if group not in by_group:
            continue
        lines += [f"## {name[language]}", "", _row(words["columns"]), _row(["---"] * 7)]
        lines += [_row(_cells(kpi, language)) for kpi in by_group[group]]
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def _cells(kpi: Kpi, language: Language) -> list[str]:
    name, formula = kpi.name_en, kpi.formula_en
    if language == "zh":
        name, formula = kpi.name_zh, kpi.formula_zh
    unit = f"{kpi.unit} {_ARROWS[kpi.direction]}"
    return [f"`{kpi.id}`", name, formula, unit, kpi.population, kpi.anchor, kpi.null_rule]


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


_ARROWS = {"up": "↑", "down": "↓", "neutral": "○"}
_GROUPS: dict[str, dict[Language, str]] = {
    "demand": {"en": "Demand", "zh": "需求"},
    "responsiveness": {"en": "Responsiveness", "zh": "响应"},
    "resolution": {"en": "Resolution", "zh": "解决"},
    "backlog": {"en": "Backlog", "zh": "积压"},
    "service_levels": {"en": "Service levels", "zh": "服务水平"},
    "satisfaction": {"en": "Satisfaction", "zh": "满意度"},
    "complaints": {"en": "Complaints", "zh": "投诉"},
    "quality": {"en": "Quality", "zh": "质量"},
    "efficiency": {"en": "Efficiency", "zh": "效率"},
    "phone": {"en": "Telephone and queue", "zh": "电话与排队"},
    "bot": {"en": "Bot and self-service", "zh": "机器人与自助"},
    "commerce": {"en": "Commerce and customers", "zh": "交易与客户"},
    "people": {"en": "People and training", "zh": "人员与培训"},
    "cost": {"en": "Cost", "zh": "成本"},
    "composite": {"en": "Targets and scores", "zh": "目标与评分"},
    "trust": {"en": "Trust in the numbers", "zh": "数据可信度"},
}
_WORDS: dict[Language, dict[str, Any]] = {
    "en": {
        "title": "KPI dictionary",
        "intro": "Generated from `dbt_project/models/metrics`; not edited by hand.",
        "columns": ["Id", "Name", "Formula", "Unit", "Population", "Anchor", "Null rule"],
    },
    "zh": {
        "title": "指标字典",
        "intro": "由 `dbt_project/models/metrics` 生成，请勿手工修改。",
        "columns": ["编号", "名称", "公式", "单位", "总体", "日期口径", "空值规则"],
    },
}


if __name__ == "__main__":
    parsed = load_manifest(load_settings())
    for page in write_pages(Path(sys.argv[1]), kpis_from_manifest(parsed), parsed):
        print(page)
