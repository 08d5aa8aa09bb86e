"""Orders, inquiries, complaints and costs of the company against a reference in plain Python."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime
from operator import itemgetter

import pytest

from tests.integration.company_world import Cell, CompanyWorld, Row, cells_of, differences
from tests.integration.kpi_cells import Grains, compare, persons, quotient
from tests.integration.kpi_proofs import record
from tests.reference import commerce

pytestmark = pytest.mark.xdist_group("company")

Pair = tuple[float, float]
BANDS = ("low", "middle", "high")
FAST = "wait_1_to_15s"
SLOWER = {
    "30s": "wait_2_to_30s",
    "60s": "wait_3_to_60s",
    "180s": "wait_4_to_180s",
    "over_180s": "wait_5_over_180s",
}


@pytest.fixture(scope="module")
def rates(company: CompanyWorld) -> dict[str, float]:
    rows = company.build("select currency, rate from seeds.currency_rates")
    return {row["currency"]: row["rate"] for row in rows}


@pytest.fixture(scope="module")
def orders(company: CompanyWorld) -> list[dict[str, object]]:
    return company.build("select * from intermediate.int_orders__unioned")


@pytest.fixture(scope="module")
def people(company: CompanyWorld) -> dict[tuple[str, str, str], str]:
    return persons(company)


@pytest.fixture(scope="module")
def paid(
    orders: list[dict[str, object]],
    rates: dict[str, float],
    people: dict[tuple[str, str, str], str],
) -> list[commerce.Sale]:
    return commerce.sales(orders, rates, people)


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
            row["agent_id"],
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
    _agree(company, "avg_customer_spend", commerce.average_spend(paid), "shop", "source", "agent")


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
    people: dict[tuple[str, str, str], str],
) -> None:
    newest = max(known_until[sale.source] for sale in paid)
    for kpi, days in (
        ("inquiry_conversion_rate", commerce.SHORT_WINDOW),
        ("inquiry_conversion_rate_final", commerce.LONG_WINDOW),
    ):
        pairs = commerce.conversion(asked, paid, newest, days, people)
        assert any(won for won, _ in pairs.values())
        _agree(company, kpi, pairs, "shop", "channel", "source", "agent")


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
    told = {
        cell: {bucket: (n, won) for bucket, (n, won) in buckets.items()}
        | {FAST: tuple(buckets[FAST])}
        for cell, buckets in asked.items()
    }
    expected = {cell: commerce.orders_lost(buckets, FAST) for cell, buckets in told.items()}
    for name, bucket in SLOWER.items():
        lost = {
            cell: commerce.orders_lost({key: buckets[key] for key in (FAST, bucket)}, FAST)
            for cell, buckets in told.items()
            if bucket in buckets
        }
        kpi_id = f"order_loss_by_delay_{name}"
        assert differences(company, kpi_id, lost, (), "facts")[1] == [], kpi_id
    compared, differing = differences(company, "order_loss_by_delay", expected, (), "facts")
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
        told = [(period_type, quarter, "total", "total") for period_type in ("day", "month")]
        record("facts", "satisfaction_loyalty_link", told)
        assert found["value"] == pytest.approx(line[0], abs=1e-6)
        month = company.cells["satisfaction_loyalty_link"]["month", quarter, "total", "total"]
        assert month["value"] == found["value"]
        if len(pairs) > 2:
            assert found["standard_error"] == pytest.approx(line[1], abs=1e-6)


def test_groups_of_customers_come_from_their_rows(company: CompanyWorld) -> None:
    quarters = company.published(
        "select *, quarter_date as day, source_system as source"
        " from published.fct_customer_quarters where has_bought_before and is_matured"
    )
    months = company.published(
        "select *, month_date as day, source_system as source from published.fct_customer_months"
    )
    for row in quarters:
        row["again"] = int(row["has_repurchased"])
        row |= {band: int(row["csat_band"] == band) for band in BANDS}
        row |= {f"{band}_again": row[band] * row["again"] for band in BANDS}
    for row in months:
        active = row["is_active_before"] and row["is_matured"]
        for name, active_met, buyer_met in (
            ("contacted", row["is_contacted_before"], row["is_contacted"]),
            ("not_contacted", not row["is_contacted_before"], not row["is_contacted"]),
        ):
            row[f"active_{name}"] = int(active and active_met)
            row[f"lost_{name}"] = int(active and active_met and not row["has_ordered_again"])
            row[f"buyer_{name}"] = int(row["window_order_count"] > 0 and buyer_met)
            row[f"again_{name}"] = int(row["window_order_count"] > 1 and buyer_met)
    source: Grains = {"source": itemgetter("source")}
    by_quarter = {
        f"satisfaction_loyalty_link_{band}": quotient(f"{band}_again", band) for band in BANDS
    }
    by_month = {
        f"{kpi_id}_{name}": quotient(f"{part}_{name}", f"{whole}_{name}")
        for kpi_id, part, whole in (
            ("churn_rate", "lost", "active"),
            ("repeat_purchase_rate", "again", "buyer"),
        )
        for name in ("contacted", "not_contacted")
    }
    compared = compare(company, quarters, by_quarter, source, "facts")
    shops: Grains = source | {"shop": itemgetter("shop")}
    compared += compare(company, months, by_month, shops, "facts")
    print(f"{compared} cells of groups of customers compared")
    assert compared > 100


def test_shares_of_segments_come_from_their_counts(company: CompanyWorld) -> None:
    rows = company.published(
        "select *, month_date as day, source_system as source from published.fct_customer_segments"
    )
    segments: Grains = {"segment": itemgetter("segment")}
    share = {"segment_mix": quotient("customer_count", "customers_beside")}
    by_segment: dict[Cell, float | None] = {
        cell: share["segment_mix"](own)
        for cell, own in cells_of(rows, itemgetter("day"), segments).items()
        if cell[2] == "segment"
    }
    # All of a kind make up the whole, so that a total of shares is one.
    filled = [row for row in rows if row["customers_beside"]]
    places: Grains = {"shop": itemgetter("shop"), "source": itemgetter("source")}
    whole = dict.fromkeys(cells_of(filled, itemgetter("day"), places), 1.0)
    grains = ("segment", "shop", "source")
    compared, differing = differences(
        company, "segment_mix", {**by_segment, **whole}, grains, "facts"
    )
    assert differing[:5] == []
    assert compared > 100


def test_sales_of_served_customers_come_from_their_inquiries(
    company: CompanyWorld, people: dict[tuple[str, str, str], str]
) -> None:
    rows = company.published(
        "select *, contact_date as day, source_system as source from published.fct_inquiries"
        " where is_identified and is_matured"
    )
    for row in rows:
        row["person"] = people[row["source_system"], row["account_id"], row["agent_id"]]

    def value(own: list[Row]) -> float | None:
        buyers = {row["buyer_key"] for row in own if row["sales_count"]}
        return sum(row["sales_amount"] or 0 for row in own) / len(buyers) if buyers else None

    grains: Grains = {name: itemgetter(name) for name in ("shop", "channel", "source")}
    grains["agent"] = itemgetter("person")
    compared = compare(company, rows, {"service_order_value": value}, grains, "facts")
    assert compared > 200


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
    assert tickets[0]["n"] == 0
    compared, differing = differences(company, "complaint_count", {**expected}, ("shop", "cause"))
    assert differing[:5] == []
    assert compared > 50
    causes = [row["cause"] for row in company.build("select cause from seeds.complaint_causes")]
    share: dict[Cell, float | None] = {}
    for (period_type, start, grain, member), number in expected.items():
        if grain == "total":
            for cause in causes:
                own = expected.get((period_type, start, "cause", cause), 0)
                share[period_type, start, "cause", cause] = own / number
        if grain != "cause":
            share[period_type, start, grain, member] = 1.0
    compared, differing = differences(company, "complaint_cause_share", share, ("shop", "cause"))
    assert differing[:5] == []
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
    durable = {
        cell: row["numerator"] for cell, row in company.cells["durable_resolution_rate"].items()
    }
    dear = {
        cell: parts[True][cell] / durable[cell]
        for cell in parts[True].keys() & durable.keys()
        if cell[2] == "total" and durable[cell]
    }
    differing = differences(company, "cost_per_resolution", {**dear}, (), "cells")[1]
    assert [each for each in differing if each[2] is not None] == []
    compared, differing = differences(company, "cost_per_contact", {**total}, (), "cells")
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
