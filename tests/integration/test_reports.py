"""Reports on a whole small company: traceable numbers, own rows only, both languages, sent once."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from email.message import EmailMessage
from xml.etree import ElementTree as ET

import duckdb
import pytest

from pipelines.errors import HelpmartError
from pipelines.reports.build import make_report
from pipelines.reports.content import Block, Bullets, Paragraph, Report, Sentence
from pipelines.reports.delivery import postman
from pipelines.reports.delivery.alerts import threshold_alerts
from pipelines.reports.delivery.deliver import send_due, sent_log
from pipelines.reports.delivery.mail import NotSentError
from pipelines.reports.drivers import pooled_drivers, read_drivers
from pipelines.reports.figures import Cell, Figure
from pipelines.reports.files import render, voice_of, write_files
from pipelines.reports.outline import load_outline
from pipelines.reports.periods import Kind, parse_period
from pipelines.reports.render.layout import lay_out, runs_of
from pipelines.reports.render.registry import figures_in
from pipelines.reports.scope import Scope
from pipelines.reports.store import load_cells
from pipelines.settings import Settings
from pipelines.transform.published_file import open_published
from pipelines.transform.semantic import Language
from tests.integration.company_world import CompanyWorld
from tests.report_world import Recount, has_number, publish_copy, recount_of

pytestmark = pytest.mark.xdist_group("company")
TEAM = "售前售后一组"
LANGUAGES: tuple[Language, ...] = ("en", "zh")


@pytest.fixture(scope="module")
def desk(company: CompanyWorld, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The company's build, published."""
    home = tmp_path_factory.mktemp("reports") / "home"
    return publish_copy(company.settings.paths.serving_file, home)


@pytest.fixture(scope="module")
def recount(desk: Settings) -> Recount:
    return recount_of(desk)


@pytest.fixture(scope="module")
def monthly(desk: Settings) -> Report:
    return make_report(desk, "monthly", period="2026-09")


@pytest.mark.parametrize(
    ("kind", "period", "scope"),
    [
        ("monthly", "2026-09", Scope()),
        ("quarterly", "2026-Q3", Scope()),
        ("half-year", "2026-H1", Scope()),
        ("half-year", "2026-H1", Scope("team", TEAM)),
        ("monthly", "2026-09", Scope("shop", "北风户外")),
    ],
)
def test_every_figure_is_what_its_cells_say(
    desk: Settings, recount: Recount, kind: Kind, period: str, scope: Scope
) -> None:
    report = make_report(desk, kind, period=period, scope=scope)
    figures = figures_in(report)
    assert len(figures) > 20
    wrong = [
        (figure.id, figure.value, found)
        for figure in figures
        if not _same(figure.value, found := recount.of(figure))
    ]
    assert wrong == []
    counted = [figure for figure in figures if figure.aspect == "count" and figure.status]
    for figure in counted if kind != "half-year" else []:
        states = {recount.status(cell) for cell in figure.cells}
        assert states <= {figure.status}, figure.id


def _same(left: float | None, right: float | None) -> bool:
    if left is None or right is None:
        return left is right
    return abs(left - right) <= 1e-9 * max(1.0, abs(right))


def test_a_figure_that_strays_from_its_cell_is_found(monthly: Report, recount: Recount) -> None:
    figure = next(each for each in figures_in(monthly) if each.aspect == "value" and each.value)
    assert not _same((figure.value or 0) * 1.001, recount.of(figure))


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_number_stands_in_a_report_without_an_id(
    desk: Settings, monthly: Report, language: Language
) -> None:
    voice = voice_of(desk, language)
    tree = lay_out(monthly, voice, "sans-serif")
    runs = list(runs_of(tree))
    known = {figure.id for figure in figures_in(monthly)}
    assert sum(run["kind"] == "figure" for run in runs) > 100
    assert {run["id"] for run in runs if run["kind"] == "figure"} <= known
    assert [run for run in runs if run["kind"] == "words" and has_number(run["text"])] == []
    axis = {span.label(language) for span in monthly.period.trend}
    labels = [label for svg in _drawings(tree) for label in _texts(svg)]
    assert [text for text, figure in labels if has_number(text) and not figure
            and text not in axis] == []  # fmt: skip
    assert {figure for _, figure in labels if figure} <= known


def _drawings(tree: object) -> Iterable[str]:
    if isinstance(tree, dict):
        if "svg" in tree:
            yield str(tree["svg"])
        for value in tree.values():
            yield from _drawings(value)
    elif isinstance(tree, list):
        for value in tree:
            yield from _drawings(value)


def _texts(svg: str) -> Iterable[tuple[str, str]]:
    for element in ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}text"):
        yield element.text or "", element.get("data-figure", "")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pdf_says_what_the_html_says_and_carries_its_ids(
    desk: Settings, monthly: Report, language: Language
) -> None:
    from pypdf import PdfReader

    pdf = render(desk, monthly, language, "pdf")
    html = render(desk, monthly, language, "html").decode()
    reader = PdfReader(io.BytesIO(pdf))
    voice = voice_of(desk, language)
    titles = [voice.text(chapter.title) for chapter in monthly.chapters]
    titles += section_titles(monthly, language, desk)
    assert sorted(bookmarks(reader.outline)) == sorted(titles)
    assert all(title in html for title in titles)
    # Text that can be searched and read aloud, not shapes of letters.
    first = re.sub(r"\s+", "", reader.pages[0].extract_text())
    for tile in monthly.tiles.items:
        assert re.sub(r"\s+", "", voice.text(tile.value)) in first
    (attached,) = reader.attachments["figures.json"]
    ids = set(json.loads(attached))
    assert ids == {figure.id for figure in figures_in(monthly)}
    assert set(re.findall(r'data-figure="([^"]+)"', html)) <= ids
    assert "http-equiv" not in html
    assert re.findall(r'(?:src|href)="', html) == []


def bookmarks(outline: Iterable[object]) -> Iterable[str]:
    for each in outline:
        if isinstance(each, list):
            yield from bookmarks(each)
        else:
            yield str(each.title)  # type: ignore[attr-defined]


def section_titles(report: Report, language: Language, desk: Settings) -> list[str]:
    voice = voice_of(desk, language)
    return [voice.text(part.title) for chapter in report.chapters for part in chapter.sections]


def test_the_same_build_gives_the_same_bytes(desk: Settings, monthly: Report) -> None:
    again = make_report(desk, "monthly", period="2026-09")
    assert render(desk, again, "en", "pdf") == render(desk, monthly, "en", "pdf")


def test_the_chapters_and_sections_that_were_asked_for_stand(
    desk: Settings, monthly: Report
) -> None:
    voice = voice_of(desk, "zh")
    assert [voice.text(chapter.title) for chapter in monthly.chapters] == [
        "引言", "数据概况", "深入分析", "发现的问题", "改进措施", "总结",
    ]  # fmt: skip
    assert {"客户", "服务质量", "员工", "展望"} <= set(section_titles(monthly, "zh", desk))


@pytest.mark.parametrize("scope", [Scope(), Scope("team", TEAM)])
def test_no_sentence_stands_twice(desk: Settings, scope: Scope) -> None:
    report = make_report(desk, "quarterly", period="2026-Q3", scope=scope)
    for language in LANGUAGES:
        voice = voice_of(desk, language)
        said = [voice.text(sentence) for sentence in sentences_of(report)]
        assert len(said) > 15
        assert [each for each in said if said.count(each) > 1] == []


def sentences_of(report: Report) -> Iterable[Sentence]:
    blocks: list[Block] = list(report.glance)
    for chapter in report.chapters:
        blocks += [*chapter.blocks, *(block for part in chapter.sections for block in part.blocks)]
    for block in blocks:
        for paragraph in block.items if isinstance(block, Bullets) else [block]:
            if isinstance(paragraph, Paragraph):
                yield from paragraph.sentences


def test_a_report_on_a_team_holds_no_cell_of_anybody_else(desk: Settings) -> None:
    with open_published(desk) as connection:
        store = load_cells(connection, parse_period("monthly", "2026-09"), Scope("team", TEAM))
    assert {(cell.grain, cell.member) for cell in store.cells} == {("team", TEAM)}
    report = make_report(desk, "monthly", period="2026-09", scope=Scope("team", TEAM))
    html = render(desk, report, "zh", "html").decode()
    with duckdb.connect(str(desk.paths.published_file.resolve()), read_only=True) as connection:
        teams = connection.execute(
            "select distinct unit_value from published.kpi_values where grain = 'team'"
        ).fetchall()
    others = {name for (name,) in teams} - {TEAM, "unknown", "withheld"}
    assert len(others) > 3
    assert [name for name in others if name in html] == []


def test_a_report_on_the_desk_names_no_person(desk: Settings) -> None:
    with open_published(desk) as connection:
        store = load_cells(connection, parse_period("monthly", "2026-09"), Scope())
        bridges = read_drivers(connection, store.period, dict.fromkeys(store.kpis, "rate"))
    assert "agent" not in {cell.grain for cell in store.cells}
    assert "agent" not in {bridge.grain for bridge in bridges.values()}
    assert len(bridges) > 50


def test_parts_made_here_equal_the_published_bridge(desk: Settings) -> None:
    with open_published(desk) as connection:
        store = load_cells(connection, parse_period("quarterly", "2026-Q3"), Scope())
        units = {kpi_id: kpi.unit for kpi_id, kpi in store.kpis.items()}
        bridges = read_drivers(connection, store.period, units)
    compared = 0
    for kpi_id in load_outline().kpi_ids:
        bridge = bridges.get(kpi_id)
        made = pooled_drivers(store, kpi_id, [bridge.grain]) if bridge else None
        if bridge is None or made is None:
            continue
        parts = {each.member: each.part.value for each in bridge.members}
        for each in made.members:
            if each.member in parts:
                assert _same(each.part.value, parts[each.member]), (kpi_id, each.member)
                compared += 1
    assert compared > 20


def test_the_outline_names_only_kpis_of_the_build(recount: Recount) -> None:
    assert load_outline().kpi_ids <= set(recount.kpis)


def test_an_alert_is_for_a_target_that_is_newly_missed(desk: Settings, recount: Recount) -> None:
    chosen = sorted(load_outline().kpi_ids)
    settings = desk.model_copy(update={"alert_period": "month", "alert_kpis": chosen})
    expected = set()
    for kpi_id in chosen:
        # The data end in the first hours of November in the reporting zone.
        states = [
            recount.status(cell) if recount.has(cell) else ""
            for cell in (
                Cell(kpi_id, "month", start, "total", "total")
                for start in (date(2026, 9, 1), date(2026, 10, 1))
            )
        ]
        if states[1] == "missed" != states[0]:
            expected.add(f"kpi/{kpi_id}/month/2026-10-01")
    assert {alert.key for alert in threshold_alerts(settings)} == expected
    assert any(alert.body for alert in threshold_alerts(settings)) == bool(expected)


def test_files_are_named_by_what_they_are_about(
    desk: Settings, monthly: Report, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("out")
    team = replace(monthly, scope=Scope("team", "a/b"), scope_name=replace_name(monthly))
    written = write_files(desk, team, folder, ["en"], ["html"])
    assert [path.name for path in written] == ["report-monthly-2026-09-team-a-b-en.html"]
    assert [path.name for path in folder.iterdir()] == [written[0].name]


def replace_name(report: Report) -> object:
    return replace(report.scope_name, en="a/b", zh="a/b")


class Postbox:
    """A transport that keeps what it takes; addresses in `refusing` are refused."""

    def __init__(self, *refusing: str) -> None:
        self.refusing = set(refusing)
        self.taken: list[EmailMessage] = []

    def send(self, message: EmailMessage) -> None:
        if message["To"] in self.refusing:
            raise NotSentError("refused")
        self.taken.append(message)


@pytest.fixture
def postal(desk: Settings) -> Iterable[Settings]:
    """The installation with two recipients, its log empty again afterwards."""
    desk.paths.recipients_file.write_text(
        "recipients:\n"
        "  - {address: boss@example.com, role: executive, language: zh, formats: [html]}\n"
        f"  - {{address: lead@example.com, role: team, member: {TEAM}, formats: [html]}}\n",
        encoding="utf-8",
    )
    yield desk.model_copy(update={"mail_from": "helpmart@example.com", "report_day": 1})
    desk.paths.recipients_file.unlink()
    (desk.paths.reports / "sent.sqlite").unlink(missing_ok=True)


def attached(message: EmailMessage) -> str:
    (part,) = message.iter_attachments()
    return str(part.get_content())


def test_each_recipient_gets_own_rows_once(postal: Settings, recount: Recount) -> None:
    box = Postbox("lead@example.com")
    first = send_due(postal, box)
    assert {each.address: each.ending for each in first} == {
        "boss@example.com": "sent",
        "lead@example.com": "failed",
    }
    box.refusing.clear()
    assert {each.ending for each in send_due(postal, box)} == {"already sent", "sent"}
    assert {each.ending for each in send_due(postal, box)} == {"already sent"}
    boss, lead = box.taken
    assert boss["To"] == "boss@example.com"
    assert boss["Message-ID"] != lead["Message-ID"]
    own = set(re.findall(r"/(\w+)=([^;+)]+)", " ".join(re.findall(r'data-figure="([^"]+)"',
                                                                attached(lead)))))  # fmt: skip
    assert own == {("team", TEAM)}
    assert "total=total" in attached(boss)
    assert 'lang="zh"' in attached(boss)


@pytest.mark.parametrize(
    ("role", "grain"), [("team", "team"), ("agent", "agent"), ("executive", "total")]
)
def test_a_mail_and_what_hangs_on_it_hold_own_rows(postal: Settings, role: str, grain: str) -> None:
    """The page, the PDF and the table of figures that it carries; a wider scope would be seen."""
    from pypdf import PdfReader

    with duckdb.connect(str(postal.paths.published_file.resolve()), read_only=True) as connection:
        ((person,),) = connection.execute(
            "select unit_value from published.kpi_values where grain = 'agent'"
            " and period_type = 'month' group by 1 order by count(*) desc, 1 limit 1"
        ).fetchall()
    member = {"team": TEAM, "agent": person, "executive": "total"}[role]
    named = "" if role == "executive" else f", member: '{member}'"
    postal.paths.recipients_file.write_text(
        f"recipients:\n  - {{address: a@example.com, role: {role}{named}, formats: [pdf, html]}}\n",
        encoding="utf-8",
    )
    box = Postbox()
    assert [each.ending for each in send_due(postal, box)] == ["sent"]
    parts = {
        part.get_content_type(): part.get_content() for part in box.taken[0].iter_attachments()
    }
    (table,) = PdfReader(io.BytesIO(parts["application/pdf"])).attachments["figures.json"]
    ids = [*json.loads(table), *re.findall(r'data-figure="([^"]+)"', parts["text/html"])]
    members = {found for each in ids for found in re.findall(r"/(\w+)=([^;+)]+)", each)}
    assert len(ids) > 20
    assert (grain, member) in members
    assert (members == {(grain, member)}) is (role != "executive")


def test_a_crash_while_a_mail_is_handed_over_sends_it_no_second_time(postal: Settings) -> None:
    class Power(Postbox):
        def send(self, message: EmailMessage) -> None:
            super().send(message)
            raise KeyboardInterrupt

    box = Power()
    with pytest.raises(KeyboardInterrupt):
        send_due(postal, box)
    after = Postbox()
    endings = {each.address: each.ending for each in send_due(postal, after)}
    assert endings == {"boss@example.com": "uncertain", "lead@example.com": "sent"}
    assert [message["To"] for message in box.taken] == ["boss@example.com"]
    assert [message["To"] for message in after.taken] == ["lead@example.com"]
    assert {mail.address: mail.state for mail in sent_log(postal).mails()} == {
        "boss@example.com": "sending",
        "lead@example.com": "sent",
    }


def test_mails_that_did_not_go_out_are_an_error_that_names_one(
    postal: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = Postbox("lead@example.com")
    monkeypatch.setattr(postman, "smtp_transport", lambda *_: box)
    with pytest.raises(HelpmartError, match="1 of 2 reports") as caught:
        postman.after_publish(postal)
    assert "lead@example.com" in str(caught.value)
    assert [message["To"] for message in box.taken] == ["boss@example.com"]


def test_a_report_waits_for_its_day(postal: Settings) -> None:
    late = postal.model_copy(update={"report_day": 28})
    assert send_due(late, Postbox()) == []


def test_figures_of_charts_and_tables_are_figures(monthly: Report) -> None:
    assert all(isinstance(each, Figure) and each.cells for each in figures_in(monthly))
