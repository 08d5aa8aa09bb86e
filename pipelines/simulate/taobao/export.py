"""Order lists in GBK and after-sales lists in GB18030, each order in its newest state last.

An order list has the orders of its period and those of earlier ones that were not final in the
export before: that is how corrections come late.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from pipelines.simulate.company import CompanyPlan, Day
from pipelines.simulate.company.orders import CAUSES, Case, Order
from pipelines.simulate.company.phrases import CASES
from pipelines.simulate.company.shops import TMALL
from pipelines.simulate.output.exporting import Export, money, wall_text
from pipelines.simulate.output.periods import Period
from pipelines.simulate.output.tables import CsvFile

ORDER_HEADER = (
    "订单编号", "买家会员名", "买家支付宝账号", "买家应付货款", "买家应付邮费", "总金额",
    "退款金额", "买家实际支付金额", "订单状态", "收货人姓名", "收货地址", "联系手机",
    "订单创建时间",
    "订单付款时间", "确认收货时间", "宝贝标题", "宝贝种类", "物流单号", "物流公司", "宝贝总数量",
    "订单关闭原因", "店铺名称",
)  # fmt: skip
CASE_HEADER = (
    "订单号", "淘宝订单号", "售后申请时间", "省", "市", "问题描述", "售后状态", "责任方",
    "完结时间",
)  # fmt: skip
STATES = {
    "unpaid": "等待买家付款",
    "paid": "买家已付款,等待卖家发货",
    "shipped": "卖家已发货,等待买家确认",
    "finished": "交易成功",
    "refunded": "交易关闭",
    "closed": "交易关闭",
}
CLOSED_BECAUSE = {"refunded": "退款", "closed": "买家未付款"}
STATUS_COLUMN = ORDER_HEADER.index("订单状态")
CREATED_COLUMN = ORDER_HEADER.index("订单创建时间")
TWICE_EVERY, TWICE_AT = 83, 3


class Defect(NamedTuple):
    """What is put into a good row, and why no loader may then accept it."""

    column: int
    text: str
    reason: str


ORDER_DEFECTS = (
    Defect(0, "1.03006E+18", "id_in_scientific_notation"),
    Defect(STATUS_COLUMN, "", "missing_required"),
    Defect(CREATED_COLUMN, "2026-02-30 10:00:00", "bad_type"),
)
CASE_DEFECTS = (
    Defect(2, "昨天下午", "bad_type"),
    Defect(6, "", "missing_required"),
)


class TaobaoExport(Export):
    """Writes two lists a period."""

    source = "taobao"
    account = "tmall"

    def __init__(self, root: Path, plan: CompanyPlan, *, dirt: bool = True) -> None:
        super().__init__(root, plan, dirt=dirt)
        self._orders: list[Order] = []
        self._cases: list[Case] = []

    def begin(self, period: Period) -> None:
        """Lists are written at the end of their period."""

    def take(self, day: Day) -> None:
        for order in day.orders:
            if order.shop is TMALL:
                self._orders.append(order)
                self._count_true(order)
                if order.case is not None:
                    self._cases.append(order.case)

    def end(self, period: Period) -> None:
        now = min(period.exported_at, self.plan.ends_at)
        orders = CsvFile(self.folder, f"ExportOrderList{period.label}.csv", ORDER_HEADER, "gbk")
        rows = [order_row(order, now) for order in self._orders]
        self._write(orders, "orders", rows, ORDER_DEFECTS, period.exported_at)
        self._orders = [order for order in self._orders if not order.is_final(now)]
        cases = CsvFile(self.folder, f"售后列表{period.label}.csv", CASE_HEADER, "gb18030")
        rows = [case_row(case, now) for case in self._cases if case.opened_at < now]
        self._write(cases, "after_sales", rows, CASE_DEFECTS, period.exported_at + 1)
        self._cases = [case for case in self._cases if case.closed_at > now]

    def _write(
        self,
        file: CsvFile,
        entity: str,
        rows: list[list[str]],
        defects: tuple[Defect, ...],
        written_at: int,
    ) -> None:
        self.accounting.skip(file.name, entity)
        for position, row in enumerate(rows):
            file.write(row)
            self.accounting.load(file.name, entity)
            if self.dirt and position % TWICE_EVERY == TWICE_AT:
                file.write(row)
                self.accounting.repeat(file.name, entity)
        for defect in self.defects(file.name, entity, defects):
            bad = list(rows[0])
            bad[defect.column] = defect.text
            file.write(bad)
            self.accounting.refuse(file.name, entity, defect.reason)
        file.close()
        self.date_file(file.name, written_at)

    def _count_true(self, order: Order) -> None:
        end = self.plan.ends_at
        is_paid = order.paid_at is not None and order.paid_at <= end
        self.count(
            "orders",
            rows=1,
            paid=is_paid,
            total_cents=order.total,
            paid_cents=order.total if is_paid else 0,
            refund_cents=order.refund_at(end),
            pieces=order.quantity,
        )
        if order.case is not None and order.case.opened_at < end:
            case = order.case
            is_closed = case.closed_at <= end
            self.count(
                "after_sales",
                rows=1,
                closed=is_closed,
                handling_seconds=case.closed_at - case.opened_at if is_closed else 0,
            )


def order_row(order: Order, now: int) -> list[str]:
    """An order as it stands; the number is guarded against spreadsheets."""
    state, person = order.state(now), order.person
    is_paid = state not in {"unpaid", "closed"}
    is_sent = order.shipped_at is not None and order.shipped_at <= now
    is_done = order.finished_at is not None and order.finished_at <= now
    province, city = person.region
    return [
        f'="{order.order_id}"', person.login, f"{person.phone[3:]}@alipay.example",
        money(order.goods), money(order.postage), money(order.total),
        money(order.refund_at(now)), money(order.total if is_paid else 0), STATES[state],
        f"收货人{person.number}", f"{province}{city}山前路{person.number % 900}号",
        f"'{person.phone[3:]}", wall_text(order.created_at),
        wall_text(order.paid_at if is_paid else None),
        wall_text(order.finished_at if is_done else None),
        ",".join(line.product.title_zh for line in order.lines), str(len(order.lines)),
        f"No:SF{order.order_id[-12:]}" if is_sent else "", "顺丰速运" if is_sent else "",
        str(order.quantity), CLOSED_BECAUSE.get(state, ""), TMALL.name,
    ]  # fmt: skip


def case_row(case: Case, now: int) -> list[str]:
    texts = CASES[case.cause]
    return [
        f"ERP{case.case_no:08d}",
        f'="{case.order.order_id}"',
        wall_text(case.opened_at),
        *case.order.person.region,
        texts[case.case_no % len(texts)],
        case.state(now),
        CAUSES[case.cause],
        wall_text(case.closed_at if case.closed_at <= now else None),
    ]
