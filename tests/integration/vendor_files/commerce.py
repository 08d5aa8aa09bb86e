"""Orders, after-sales cases, complaints and mentions."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from tests.integration.vendor_files import Rows, write_text, write_workbook

BUYER = "canary_buyer"


def write(inbox: Path) -> None:
    write_text(inbox / "taobao/旗舰店/ExportOrderList.csv", ORDERS, "gb18030", "2026-03-02")
    write_text(inbox / "taobao/旗舰店/ExportOrderList2.csv", LATER, "gb18030", "2026-04-02")
    write_text(inbox / "taobao/旗舰店/售后.csv", AFTER_SALES, "gb18030", "2026-04-02")
    write_workbook(inbox / "order_lines/web/lines.xlsx", {"Online Retail": LINES}, "2026-03-02")
    write_workbook(inbox / "order_lines/web/lines2.xlsx", {"Online Retail": LINES_2}, "2026-03-09")
    write_text(inbox / "mentions/brand/posts.csv", MENTIONS)
    write_text(inbox / "nyc_311/city/requests.csv", REQUESTS)
    write_text(inbox / "cfpb/bureau/complaints.csv", COMPLAINTS)


_ORDER_HEADER = (
    "订单编号,买家会员名,买家支付宝账号,总金额,买家实际支付金额,退款金额,订单状态,收货人姓名,收货地址,联系手机,"
    "订单创建时间,订单付款时间,宝贝标题,宝贝总数量,订单关闭原因\n"
)
# Guards around what Excel would convert; the third number has lost its digits in it.
ORDERS = _ORDER_HEADER + (
    f'="1234567890123456789",{BUYER},canary@pay.invalid,199.00,189.00,0.00,"买家已付款，等待卖家发货",'
    "金丝雀,canary street,'13800138000,2026-03-01 23:30:00,2026-03-01 23:31:00,杯子,2,\n"
    f'="1234567890123456790",{BUYER},canary@pay.invalid,"1,050.50",0.00,,等待买家付款,'
    "金丝雀,canary street,'13800138000,2026-03-01 10:00:00,,杯子,1,\n"
    f"1.23457E+18,{BUYER},canary@pay.invalid,10.00,10.00,0.00,交易成功,"
    "金丝雀,canary street,'13800138000,2026-03-01 11:00:00,2026-03-01 11:00:05,杯子,1,\n"
)
# A month later the first order has been refunded.
LATER = _ORDER_HEADER + (
    f'="1234567890123456789",{BUYER},canary@pay.invalid,199.00,189.00,189.00,交易关闭,'
    "金丝雀,canary street,'13800138000,2026-03-01 23:30:00,2026-03-01 23:31:00,杯子,2,买家退货\n"
)

AFTER_SALES = """\
订单号,淘宝订单号,售后申请时间,省,市,问题描述,售后状态,责任方,完结时间
S1,="1234567890123456789",2026-03-05 09:00:00,浙江,杭州,"杯子碎了,
请canary退款",已完结,物流,2026-03-09 18:30:00
"""

_LINE_HEADER = [
    "InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID",
]  # fmt: skip
# Codes are numbers and texts in one column; an order that begins with C takes another one back.
LINES: Rows = [
    _LINE_HEADER,
    [536365, "85123A", "HOLDER", 6, datetime(2026, 3, 1, 8, 26), 2.55, 17850],
    [536365, 71053, "LANTERN", 4, datetime(2026, 3, 1, 8, 26), 3.39, 17850],
    ["C536379", "85123A", "HOLDER", -2, datetime(2026, 3, 1, 9, 41), 2.55, 17850],
    [],
    [],
]
# The order came again and one line of it is gone.
LINES_2: Rows = [
    _LINE_HEADER,
    [536366, 22633, "WARMER", 6, datetime(2026, 3, 8, 8, 28), 1.85, ""],
    [536365, "85123A", "HOLDER", 6, datetime(2026, 3, 1, 8, 26), 2.55, 17850],
]

MENTIONS = """\
Platform,Post ID,Posted at,Author,Nickname,Sentiment,Text,Likes
Weibo,501,2026-03-01 20:00:00,canary_author,Canary,负面,等了三天没人理我 canary,12
Weibo,502,2026-03-01 21:00:00,canary_buyer,Canary,positive,好,0
Weibo,503,2026-03-01 22:00:00,,,,,
"""

REQUESTS = """\
"unique_key","created_date","closed_date","agency","complaint_type","descriptor","status",\
"due_date","incident_address","open_data_channel_type","borough","location"
"1","2024-04-16T03:03:15.000","2024-04-16T03:03:15.000","DOT","Street Condition","Pothole",\
"Closed","2024-04-17T00:00:00.000","1 CANARY STREET","PHONE","QUEENS","
,
(40.6, -73.7)"
"2","2024-04-16T02:05:59.000",,"NYPD","Noise","Party","In Progress",,"2 CANARY STREET","ONLINE",\
"BRONX",
"""

COMPLAINTS = """\
Date received,Product,Sub-product,Issue,Sub-issue,Consumer complaint narrative,Company,State,\
ZIP code,Submitted via,Date sent to company,Company response to consumer,Timely response?,\
Consumer disputed?,Complaint ID
09/12/2016,Mortgage,Fixed,Servicing,,canary story,Bank,CA,917XX,Web,09/14/2016,\
Closed with explanation,Yes,,2105501
09/11/2016,Credit card,,Billing,Fee,,Bank,TX,770XX,Phone,,In progress,Yes,Yes,2105502
09/10/2016,Credit card,,Billing,Fee,,Bank,TX,770XX,Phone,,Closed,No,No,2105503
"""
