"""Orders, inquiries, complaints and costs of the company against a reference in plain Python."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime

import pytest

from tests.integration.company_world import Cell, CompanyWorld, differences
from tests.reference import commerce

pytestmark = pytest.mark.xdist_group("company")

Pair = tuple[float, float]


@pytest.fixture(scope="module")
def rates(company: CompanyWorld) -> dict[str, float]:
    rows = company.build("select currency, rate from seeds.currency_rates")
    return {row["currency"]: row["rate"] for row in rows}


@pytest.fixture(scope="module")
def orders(company: CompanyWorld) -> list[dict[str, object]]:
    return company.build("select * from intermediate.int_orders__unioned")


@pytest.fixture(scope="module")
def paid(orders: list[dict[str, object]], rates: dict[str, float]) -> list[commerce.Sale]:
    return commerce.sales(orders, rates)


@pytest.fixture(scope="module")
def known_until(company: CompanyWorld) -> dict[str, date]:
    rows = company.published("select source_system, as_of_date from published.dim_accounts")
    return {row["source_system"]: row["as_of_date"] for row in rows}


@pytest.fixture(scope="module")
def asked(company: CompanyWorld) -> list[commerce.Inquiry]:
    rows = company.build(
        "select * from intermediate.int_customer_contacts"
        " where not is_bot_only and not is_agent_initiated"
    )
    return commerce.inquiries(
        commerce.Contact(
            row["source_system"],
            row["account_id"],
            row["customer_key"],
            row["identity_hash"],
            row["shop"],
            row["channel"],
            row["contact_at"],
            row["answered_at"],
        )
        for row in rows
    )


def _quotients(pairs: Mapping[Cell, Pair]) -> dict[Cell, float | None]:
    return {cell: top / whole if whole else None for cell, (top, whole) in pairs.items()}


def _agree(
    company: CompanyWorld, kpi: str, pairs: Mapping[Cell, Pair], *grains: str, least: int = 100
) -> None:
    compared, differing = differences(company, kpi, _quotients(pairs), grains)
    assert differing[:5] == []
    assert compared >= least
    print(f"{kpi}: {compared} cells agree")


def test_what_paying_customers_spend(company: CompanyWorld, paid: list[commerce.Sale]) -> None:
    _agree(company, "avg_customer_spend", commerce.average_spend(paid), "shop", "source")


def test_customers_who_leave_and_stay(
    company: CompanyWorld, paid: list[commerce.Sale], known_until: dict[str, date]
) -> None:
    lost = commerce.churn(paid, known_until)
    kept = {cell: (whole - top, whole) for cell, (top, whole) in lost.items()}
    _agree(company, "churn_rate", lost, "shop", "source", least=20)
    _agree(company, "retention_rate", kept, "shop", "source", least=20)


def test_customers_who_buy_again(
    company: CompanyWorld, paid: list[commerce.Sale], known_until: dict[str, date]
) -> None:
    pairs = commerce.repeat_purchase(paid, known_until)
    _agree(company, "repeat_purchase_rate", pairs, "shop", "source", least=40)


def test_a_year_that_is_not_over_has_no_lifetime_value(
    company: CompanyWorld,
    orders: list[dict[str, object]],
    rates: dict[str, float],
    known_until: dict[str, date],
) -> None:
    assert commerce.lifetime_value(orders, rates, known_until) == {}
    values = [row["value"] for row in company.cells["customer_ltv"].values()]
    assert values
    assert set(values) == {None}


def test_inquiries_that_an_order_follows(
    company: CompanyWorld,
    asked: list[commerce.Inquiry],
    paid: list[commerce.Sale],
    known_until: dict[str, date],
) -> None:
    newest = max(known_until[sale.source] for sale in paid)
    for kpi, days in (
        ("inquiry_conversion_rate", commerce.SHORT_WINDOW),
        ("inquiry_conversion_rate_final", commerce.LONG_WINDOW),
    ):
        pairs = commerce.conversion(asked, paid, newest, days)
        assert any(won for won, _ in pairs.values())
        _agree(company, kpi, pairs, "shop", "channel", "source")


def test_orders_lost_to_waiting(company: CompanyWorld) -> None:
    rows = company.published(
        "select wait_bucket, is_converted, contact_date from published.fct_inquiries"
        " where is_identified and is_matured and wait_bucket != 'none'"
    )
    asked: dict[Cell, dict[str, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0]))
    for row in rows:
        for cell in commerce.cells(row["contact_date"], {}):
            asked[cell][row["wait_bucket"]][0] += 1
            asked[cell][row["wait_bucket"]][1] += row["is_converted"]
    expected = {
        cell: commerce.orders_lost(
            {bucket: (n, won) for bucket, (n, won) in buckets.items()}, "wait_1_to_15s"
        )
        for cell, buckets in asked.items()
    }
    compared, differing = differences(company, "order_loss_by_delay", expected, ())
    assert differing[:5] == []
    assert compared > 50


def test_satisfaction_and_loyalty_have_the_slope_of_least_squares(company: CompanyWorld) -> None:
    rows = company.published(
        "select quarter_date, mean_score, has_repurchased from published.fct_customer_quarters"
        " where has_bought_before and is_matured"
    )
    points: dict[date, list[tuple[float, float]]] = defaultdict(list)
    for row in rows:
        points[row["quarter_date"]].append((row["mean_score"], float(row["has_repurchased"])))
    assert points
    for quarter, pairs in points.items():
        found = company.cells["satisfaction_loyalty_link"]["quarter", quarter, "total", "total"]
        line = commerce.slope(pairs)
        if line is None:
            assert found["value"] is None
            continue
        assert found["value"] == pytest.approx(line[0], abs=1e-6)
        if len(pairs) > 2:
            assert found["standard_error"] == pytest.approx(line[1], abs=1e-6)


def test_complaints_by_cause_and_shop(company: CompanyWorld) -> None:
    rows = company.build(
        "select c.*, o.shop from intermediate.int_complaints__unioned as c"
        " left join intermediate.int_orders__unioned as o using (order_key)"
    )
    classes = {"快递公司": "logistics", "仓库": "warehouse", "供应商": "product"}
    expected = commerce.counted(
        rows,
        lambda row: commerce.local_day(row["received_at"]),
        lambda row: {"shop": row["shop"] or row["account_id"], "cause": classes[row["cause"]]},
    )
    tickets = company.published(
        "select count(*) as n from published.fct_complaints where kind = 'ticket'"
    )
    if tickets[0]["n"] == 0:
        compared, differing = differences(
            company, "complaint_count", {**expected}, ("shop", "cause")
        )
        assert differing[:5] == []
        assert compared > 50
    shares = {
        cell: row["value"]
        for cell, row in company.cells["complaint_cause_share"].items()
        if cell[2] == "cause"
    }
    by_period: dict[tuple[str, date], float] = defaultdict(float)
    for (period_type, start, _, _), value in shares.items():
        by_period[period_type, start] += value or 0
    assert by_period
    assert all(total == pytest.approx(1) for total in by_period.values())


def test_costs_by_day_keep_the_sum_of_the_ledger(
    company: CompanyWorld, rates: dict[str, float]
) -> None:
    entries = company.build("select * from intermediate.int_costs__unioned")
    days = list(commerce.spread_over_month(entries, rates))
    parts = {
        service: commerce.counted(
            [row for row in days if row["is_service"] or not service],
            lambda row: row["day"],
            lambda row: {"source": row["source_system"]},
            lambda row: row["amount"],
        )
        for service in (True, False)
    }
    pairs = {cell: (parts[True].get(cell, 0), whole) for cell, whole in parts[False].items()}
    _agree(company, "service_cost_share", pairs, "source")
    inbound = company.cells["contacts_inbound"].items()
    contacts = {cell: row["value"] for cell, row in inbound if row["value"]}
    total = {
        cell: parts[True][cell] / contacts[cell]
        for cell in parts[True].keys() & contacts.keys()
        if cell[2] == "total"
    }
    compared, differing = differences(company, "cost_per_contact", {**total}, ())
    assert [each for each in differing if each[2] is not None] == []
    assert compared > 50


def test_local_days_are_those_of_the_reporting_zone() -> None:
    assert commerce.local_day(datetime(2026, 1, 31, 16, 0)) == date(2026, 2, 1)


def test_a_worked_example_of_a_line_and_of_lost_orders() -> None:
    # y rises by half a point a point of x: 50 percentage points.
    line = commerce.slope([(1, 0), (2, 0), (3, 1), (1, 0), (2, 1), (3, 1)])
    assert line is not None
    assert line[0] == pytest.approx(50)
    # 20 % of the fast buy, 10 % of the slow: 20 slow inquiries lose 2 orders.
    assert commerce.orders_lost({"fast": (10, 2), "slow": (20, 2)}, "fast") == pytest.approx(2)
    assert commerce.orders_lost({"slow": (20, 2)}, "fast") is None
