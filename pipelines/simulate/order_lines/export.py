"""Workbooks of order lines: a cancelled order is an invoice of its own with negative quantities.

Stamps are UTC date cells; a guest has no customer number; codes are numbers where they look so.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pipelines.simulate.company import CompanyPlan, Day
from pipelines.simulate.company.orders import Order
from pipelines.simulate.company.shops import EUROPE
from pipelines.simulate.output.exporting import Export, wall
from pipelines.simulate.output.periods import Period
from pipelines.simulate.output.tables import Book, Sheet

ENTITY = "lines"
HEADER = (
    "InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "Currency",
    "CustomerID", "Country",
)  # fmt: skip
POSTAGE = ("POST", "POSTAGE")
GUEST_EVERY = 7
TWICE_EVERY = 71
# (column, what stands there instead, why it is refused)
DEFECTS: tuple[tuple[int, Any, str], ...] = (
    (3, "two", "bad_type"),
    (5, None, "missing_required"),
    (0, "5.36E+05", "id_in_scientific_notation"),
)


class OrderLinesExport(Export):
    """Writes a workbook a period."""

    source = "order_lines"

    def __init__(self, root: Path, plan: CompanyPlan, *, dirt: bool = True) -> None:
        super().__init__(root, plan, dirt=dirt)
        self._cancelled: list[tuple[int, Order]] = []

    def begin(self, period: Period) -> None:
        self._book = Book(self.folder, f"online_retail_{period.label}.xlsx")
        self._sheet: Sheet = self._book.sheet("Orders")
        self._sheet.write(HEADER)
        self.accounting.skip(self._book.name, ENTITY)
        self._written = 0
        self._last: list[Any] = []

    def take(self, day: Day) -> None:
        for order in day.orders:
            if order.shop is not EUROPE or order.paid_at is None:
                continue
            self.count(ENTITY, orders=1, amount_pence=order.total)
            for row in order_rows(order):
                self._write(row)
            if order.refunded_at is not None and order.refunded_at < self.plan.ends_at:
                self._cancelled.append((order.refunded_at, order))

    def end(self, period: Period) -> None:
        now = min(period.exported_at, self.plan.ends_at)
        for refunded_at, order in self._cancelled:
            if refunded_at < now:
                self.count(ENTITY, cancellations=1, refund_pence=order.refund)
                for row in refund_rows(order, refunded_at):
                    self._write(row)
        self._cancelled = [(at, order) for at, order in self._cancelled if at >= now]
        for column, cell, reason in self.defects(self._book.name, ENTITY, DEFECTS):
            row = list(self._last)
            row[column] = cell
            self._sheet.write(row)
            self.accounting.refuse(self._book.name, ENTITY, reason)
        self._book.close()
        self.date_file(self._book.name, period.exported_at)

    def _write(self, row: list[Any]) -> None:
        self._written += 1
        self._sheet.write(row)
        self._last = row
        self.accounting.load(self._book.name, ENTITY)
        self.count(ENTITY, rows=1)
        if self.dirt and self._written % TWICE_EVERY == 0:
            self._sheet.write(row)
            self.accounting.repeat(self._book.name, ENTITY)


def order_rows(order: Order) -> list[list[Any]]:
    """One row a line; postage is a line like any other."""
    rows = [
        _row(order, order.order_id, order.created_at, line.product.sku, line.product.title_en,
             line.quantity, line.unit_price)
        for line in order.lines
    ]  # fmt: skip
    if order.postage:
        rows.append(_row(order, order.order_id, order.created_at, *POSTAGE, 1, order.postage))
    return rows


def refund_rows(order: Order, refunded_at: int) -> list[list[Any]]:
    """What was given back, under a number that begins with C."""
    left, number = order.refund, f"C{order.order_id}"
    rows = []
    for line in order.lines:
        if left >= line.quantity * line.unit_price:
            left -= line.quantity * line.unit_price
            rows.append(
                _row(order, number, refunded_at, line.product.sku, line.product.title_en,
                     -line.quantity, line.unit_price)
            )  # fmt: skip
    if left:
        rows.append(_row(order, number, refunded_at, *POSTAGE, -1, left))
    return rows


def _row(
    order: Order, number: str, at: int, code: str, title: str, quantity: int, pence: int
) -> list[Any]:
    is_guest = order.person.number % GUEST_EVERY == 0
    return [
        int(number) if number.isdigit() else number,
        int(code) if code.isdigit() else code,
        title,
        quantity,
        wall(at, "UTC"),
        pence / 100,
        order.shop.currency,
        None if is_guest else int(order.person.login),
        order.person.region[0],
    ]
