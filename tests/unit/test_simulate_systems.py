"""Each system's export, read again by a plain reader, tells what happened in the world."""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from pipelines.simulate.company import Company, CompanyPlan, Day
from pipelines.simulate.company.orders import Order
from pipelines.simulate.systems import SYSTEMS, write_systems

UNTIL = date(2026, 10, 31)
DAYS = 100
Row = dict[str, Any]


def plan_of(seed: int = 7) -> CompanyPlan:
    return CompanyPlan(seed, 800, UNTIL - timedelta(days=DAYS - 1), UNTIL)


@dataclass(frozen=True)
class Written:
    """The exports, the truth beside them, and the same world lived through once more."""

    root: Path
    plan: CompanyPlan
    days: list[Day]
    counts: dict[str, dict[str, Row]]
    files: list[Row]

    def paths(self, source: str, pattern: str = "*") -> list[Path]:
        return sorted(path for path in (self.root / source).rglob(pattern) if path.is_file())

    def orders(self, shop: str) -> list[Order]:
        return [order for day in self.days for order in day.orders if order.shop.code == shop]


def write(folder: Path, seed: int = 7, *, dirt: bool = True) -> Written:
    plan = plan_of(seed)
    write_systems(folder / "inbox", folder / "truth", plan, SYSTEMS, dirt=dirt)
    counts = json.loads((folder / "truth" / "counts.json").read_bytes())
    files = json.loads((folder / "truth" / "files.json").read_bytes())
    return Written(folder / "inbox", plan, list(Company(plan).days()), counts, files)


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Written:
    return write(tmp_path_factory.mktemp("clean"), dirt=False)


@pytest.fixture(scope="module")
def dirty(tmp_path_factory: pytest.TempPathFactory) -> Written:
    return write(tmp_path_factory.mktemp("dirty"))


def json_lines(path: Path) -> list[bytes]:
    return gzip.decompress(path.read_bytes()).splitlines()


def csv_rows(path: Path, encoding: str) -> list[Row]:
    with path.open(encoding=encoding, newline="") as stream:
        return list(csv.DictReader(stream))


def sheets(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    book = load_workbook(path, read_only=True)
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


def book_rows(path: Path, sheet: str | None = None, header: int = 0) -> Iterator[Row]:
    found = sheets(path)
    names, *rows = found[sheet or next(iter(found))][header:]
    for row in rows:
        yield dict(zip(names, row, strict=False))


def digest(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_the_same_plan_gives_the_same_bytes(dirty: Written, tmp_path: Path) -> None:
    again = write(tmp_path)
    assert digest(again.root) == digest(dirty.root)
    assert again.files == dirty.files


def test_every_system_has_files_in_a_folder_of_its_account(dirty: Written) -> None:
    for source in SYSTEMS:
        assert dirty.paths(source)
        assert {path.parent.parent.name for path in dirty.paths(source)} == {source}


def test_dirt_is_known_and_changes_no_truth(clean: Written, dirty: Written) -> None:
    assert clean.counts == dirty.counts
    assert not any(row["quarantined"] or row["duplicate"] for row in clean.files)
    reasons: dict[str, Counter[str]] = defaultdict(Counter)
    for row in dirty.files:
        parts = row["loaded"] + row["duplicate"] + row["quarantined"] + row["skipped"]
        assert row["seen"] == parts
        reasons[row["source"]].update(row["reasons"])
    assert set(reasons) == set(SYSTEMS)
    assert all(sum(found.values()) for found in reasons.values())


def test_the_accounting_counts_every_line_and_row_of_every_file(dirty: Written) -> None:
    """Every row counts, a header and a title above it too."""
    seen: Counter[tuple[str, str]] = Counter()
    for row in dirty.files:
        if row["entity"] != "endpoints":
            seen[row["source"], row["file"]] += row["seen"]
    found = {
        (source, path.name): rows_in(path) for source in SYSTEMS for path in dirty.paths(source)
    }
    assert dict(seen) == found


def rows_in(path: Path) -> int:
    if path.suffix == ".gz":
        return len(json_lines(path))
    if path.suffix == ".csv":
        encoding = {"survey": "utf-8-sig", "Export": "gbk"}.get(path.name[:6], "gb18030")
        return 1 + len(csv_rows(path, encoding))
    return sum(len(rows) for rows in sheets(path).values())


def test_every_session_is_told_once_with_what_happened(clean: Written) -> None:
    records = {
        record["id"]: record
        for path in clean.paths("qiyu")
        for record in map(json.loads, json_lines(path))
    }
    chats = {chat.session_id: chat for day in clean.days for chat in day.chats}
    assert records.keys() == chats.keys()
    for key, chat in chats.items():
        record = records[key]
        assert record["startTime"] == chat.started_at * 1000
        assert record["endTime"] == chat.ended_at * 1000
        assert record["interaction"] == chat.is_bot
        assert record["foreignId"] == chat.need.person.login
        first = chat.first_reply_at
        assert record["staffFirstReplyTime"] == (-1 if first is None else first * 1000)
        assert (record["staffId"] == -1) == (chat.employee is None)
        if record["relatedId"]:
            assert chat.came_from
            assert record["relatedId"] == chat.came_from.session_id
            assert record["relatedType"] == (1 if chat.came_from.is_bot else 4)


def test_a_grade_is_on_the_scale_of_its_day(clean: Written) -> None:
    scales = Counter()
    for path in clean.paths("qiyu"):
        for record in map(json.loads, json_lines(path)):
            allowed = {3: {100, 50, 1}, 5: {100, 75, 50, 25, 1}}[record["evaluationType"]]
            if record["evaluation"] != -1:
                scales[record["evaluationType"]] += 1
                assert record["evaluation"] in allowed
                assert record["userJoinEvaluateTime"] > record["staffInvitedEvaluateTime"]
    assert min(scales[3], scales[5]) > 5


def test_the_newest_record_of_every_call_tells_how_it_went(dirty: Written) -> None:
    newest: dict[str, Row] = {}
    for path in dirty.paths("amazon_connect"):
        for line in json_lines(path):
            try:
                record = json.loads(line)
            except json.JSONDecodeError:
                continue
            if not record["ContactId"] or record["ContactId"].startswith("bad"):
                continue
            known = newest.get(record["ContactId"])
            if known is None or record["LastUpdateTimestamp"] > known["LastUpdateTimestamp"]:
                newest[record["ContactId"]] = record
    calls = {call.contact_id: call for day in dirty.days for call in day.calls}
    assert newest.keys() == calls.keys()
    for key, call in calls.items():
        record = newest[key]
        assert (record["Agent"] is None) == (not call.is_answered)
        assert (record["Queue"] is None) == (call.queued_at is None)
        if record["Agent"]:
            assert record["Agent"]["AgentInteractionDuration"] == call.talk
            assert record["Agent"]["CustomerHoldDuration"] == call.hold
            assert record["Agent"]["AfterContactWorkDuration"] == call.after_work
        if record["Queue"]:
            assert record["Queue"]["Duration"] == call.queue_seconds


def test_the_last_row_of_every_order_is_its_state_at_the_end(dirty: Written) -> None:
    last: dict[str, Row] = {}
    for path in dirty.paths("taobao", "ExportOrderList*.csv"):
        for row in csv_rows(path, "gbk"):
            number = row["订单编号"]
            has_fault = not row["订单状态"] or row["订单创建时间"].startswith("2026-02-30")
            if number.startswith('="') and not has_fault:
                last[number[2:-1]] = row
    orders = {order.order_id: order for order in dirty.orders("tmall")}
    assert last.keys() == orders.keys()
    end = dirty.plan.ends_at
    states = Counter(row["订单状态"] for row in last.values())
    assert len(states) >= 4
    for key, order in orders.items():
        assert float(last[key]["总金额"]) == order.total / 100
        assert float(last[key]["退款金额"]) == order.refund_at(end) / 100
        assert last[key]["买家会员名"] == order.person.login
    paid = sum(round(100 * float(row["买家实际支付金额"])) for row in last.values())
    assert paid == dirty.counts["taobao"]["orders"]["paid_cents"]


def test_orders_come_late_in_a_newer_state(dirty: Written) -> None:
    states: dict[str, list[str]] = defaultdict(list)
    for path in dirty.paths("taobao", "ExportOrderList*.csv"):
        for number in {row["订单编号"] for row in csv_rows(path, "gbk")}:
            states[number].append(path.name)
    assert sum(len(files) > 1 for files in states.values()) > 20


def test_every_after_sales_case_is_listed_with_its_text(dirty: Written) -> None:
    rows = [row for path in dirty.paths("taobao", "售后*.csv") for row in csv_rows(path, "gb18030")]
    cases = [order.case for order in dirty.orders("tmall") if order.case]
    known = {case.order.order_id for case in cases if case.opened_at < dirty.plan.ends_at}
    assert {row["淘宝订单号"][2:-1] for row in rows} == known
    assert any("\n" in row["问题描述"] for row in rows)
    assert {
        (row["售后状态"] == "已完结", row["完结时间"] != "") for row in rows if row["售后状态"]
    } == {
        (True, True),
        (False, False),
    }


def test_order_lines_add_up_to_what_was_paid_and_given_back(clean: Written) -> None:
    paid = refunded = 0
    for path in clean.paths("order_lines"):
        for row in book_rows(path):
            pence = round(row["Quantity"] * row["UnitPrice"] * 100)
            if str(row["InvoiceNo"]).startswith("C"):
                refunded -= pence
            else:
                paid += pence
    orders = [order for order in clean.orders("eu") if order.paid_at is not None]
    assert paid == sum(order.total for order in orders)
    assert refunded == sum(order.refund_at(clean.plan.ends_at - 1) for order in orders)
    assert refunded == clean.counts["order_lines"]["lines"]["refund_pence"] > 0


MARKETS = {
    "chitu": ("tmall", "接待人数", "销售额"),
    "jingmai": ("jd", "接待量", "24小时下单金额"),
    "pinduoduo": ("pdd", "人工接待人数", "客服销售额"),
}


@pytest.mark.parametrize("source", sorted(MARKETS))
def test_agent_days_add_up_to_the_shop(clean: Written, source: str) -> None:
    shop, served, sales = MARKETS[source]
    rows = [row for path in clean.paths(source) for row in book_rows(path)]
    days = [d for day in clean.days for d in day.agent_days if d.shop.code == shop]
    assert len(rows) == len(days) > 300
    assert sum(row[served] for row in rows) == sum(day.served for day in days)
    amounts = [float(str(row[sales]).replace(",", "")) for row in rows]
    assert round(100 * sum(amounts)) == sum(day.sales for day in days) > 0


def test_the_last_days_of_chitu_are_dated_by_the_name_of_their_file(dirty: Written) -> None:
    single = dirty.paths("chitu", "*默认*.xlsx")
    assert len(single) == 7
    for path in single:
        names, *rows = next(iter(sheets(path).values()))
        assert "日期" not in names
        assert [row[0] for row in rows[-2:]] == ["汇总", "均值"]


def test_the_last_answer_of_every_survey_is_the_true_one(clean: Written) -> None:
    last: dict[str, Row] = {}
    rows = 0
    for path in clean.paths("surveys"):
        for row in csv_rows(path, "utf-8-sig"):
            rows += 1
            last[row["Response ID"]] = row
    true = clean.counts["surveys"]
    assert rows > len(last) == true["responses"]["rows"]
    for kind in ("csat", "nps", "ces"):
        scores = [
            int(row["Score"])
            for row in last.values()
            if row["Survey type"] == kind and row["Answered at"]
        ]
        assert len(scores) == true[f"responses_{kind}"]["answered"] > 0
        assert sum(scores) == true[f"responses_{kind}"]["score_sum"]


def test_the_last_version_of_every_review_is_the_true_one(clean: Written) -> None:
    last: dict[str, Row] = {}
    for path in clean.paths("quality"):
        for row in book_rows(path):
            known = last.get(row["id"])
            if known is None or row["update_time"] >= known["update_time"]:
                last[row["id"]] = row
    kept = [row for row in last.values() if not row["is_del"]]
    true = clean.counts["quality"]["reviews"]
    assert (len(last), len(kept)) == (true["rows"], true["kept"])
    assert sum(row["qc_score"] for row in kept) == true["kept_score_sum"]
    for row in kept:
        lost = sum(row[f"扣分{n}"] or 0 for n in range(1, 6))
        won = sum(row[f"加分{n}"] or 0 for n in range(1, 3))
        fatal = row["致命项"] == "是"
        assert row["qc_score"] == (0 if fatal else max(0, min(100, 100 + lost + won)))


def test_people_sheets_have_everybody_and_the_exams_tell_the_course(clean: Written) -> None:
    (path,) = clean.paths("workforce", "人员信息*.xlsx")
    roster = {row["工号"]: row for row in book_rows(path, "花名册")}
    trained = {row["工号"] for row in book_rows(path, "培训记录") if row["批次"] == "实验组"}
    gains: dict[bool, list[float]] = defaultdict(list)
    scores: dict[str, dict[str, float]] = defaultdict(dict)
    for row in book_rows(path, "考试成绩"):
        if row["次数"] == 1:
            scores[row["工号"]][row["考试类型"]] = row["成绩"]
    for number, both in scores.items():
        gains[number in trained].append(both["后测"] - both["前测"])
    assert {row["工号"] for row in book_rows(path, "账号对照")} == set(roster)
    assert sum(gains[True]) / len(gains[True]) > sum(gains[False]) / len(gains[False]) + 5


def test_shifts_stand_in_the_sheet_with_local_times_and_rest_days_without(clean: Written) -> None:
    rows = [r for path in clean.paths("workforce", "排班表*.xlsx") for r in book_rows(path)]
    worked = [row for row in rows if row["班别"] != "休息"]
    assert len(worked) == sum(len(day.shifts) for day in clean.days)
    assert all(row["上班"] is None for row in rows if row["班别"] == "休息")
    hours = sum(shift.hours for day in clean.days for shift in day.shifts)
    assert sum(row["时数"] for row in worked) == pytest.approx(hours)


def test_the_ledger_adds_up(dirty: Written) -> None:
    true = dirty.counts["costs"]["entries"]
    amounts = {}
    for path in dirty.paths("costs"):
        for row in book_rows(path, header=1):
            if row["凭证号"] and row["金额"] != "待核":
                amounts[row["凭证号"]] = row["金额"]
    assert len(amounts) == true["rows"]
    assert sum(round(100 * amount) for amount in amounts.values()) == true["cents"]


def test_mentions_come_in_gb18030_and_the_last_days_again_with_more_likes(clean: Written) -> None:
    likes: dict[str, list[int]] = defaultdict(list)
    for path in clean.paths("mentions"):
        for row in csv_rows(path, "gb18030"):
            likes[row["帖子编号"]].append(int(row["点赞数"]))
    assert len(likes) == clean.counts["mentions"]["posts"]["rows"]
    assert any(len(seen) == 2 and seen[1] > seen[0] for seen in likes.values())


def test_targets_name_an_indicator_a_value_and_a_period(clean: Written) -> None:
    (path,) = clean.paths("targets")
    rows = list(book_rows(path, "目标"))
    assert len(rows) == clean.counts["targets"]["targets"]["rows"]
    assert all(row["开始日期"] < row["结束日期"] for row in rows)
    assert sum(1 for _ in book_rows(path, "标杆")) == clean.counts["targets"]["benchmarks"]["rows"]


def test_reviews_and_measures_end_with_what_is_known(clean: Written) -> None:
    (path,) = clean.paths("targets")
    talks, measures = list(book_rows(path, "绩效面谈")), list(book_rows(path, "改进措施"))
    true = clean.counts["targets"]
    assert (len(talks), len(measures)) == (true["reviews"]["rows"], true["actions"]["rows"])
    assert all(row["面谈日期"] or not row["签字日期"] for row in talks)
    assert all(row["提出日期"] < row["截止日期"] for row in measures)
    assert {bool(row["签字日期"]) for row in talks} == {True, False}
