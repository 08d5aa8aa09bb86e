"""The shops, what they sell, and what customers ask about."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Shop:
    """One storefront. `share` is its part of all orders."""

    code: str
    name: str
    language: str
    currency: str
    share: float


@dataclass(frozen=True)
class Product:
    """`price` in the smallest unit of the home currency (fen); abroad in pence."""

    sku: str
    title_zh: str
    title_en: str
    price: int
    pence: int
    weight: float


TMALL = Shop("tmall", "北风户外旗舰店", "zh", "CNY", 0.42)
JD = Shop("jd", "北风户外京东自营店", "zh", "CNY", 0.22)
PDD = Shop("pdd", "北风户外品牌折扣店", "zh", "CNY", 0.14)
EUROPE = Shop("eu", "Northwind Outdoor", "en", "GBP", 0.22)
SHOPS = (TMALL, JD, PDD, EUROPE)
CHINESE_SHOPS = (TMALL, JD, PDD)

PRODUCTS = (
    Product("20725", "轻量登山鞋", "HIKING BOOT LIGHT", 45_900, 8_950, 0.16),
    Product("85123A", "双人防风帐篷", "TENT FOR TWO", 79_900, 14_900, 0.12),
    Product("22423", "羽绒睡袋 -5℃", "DOWN SLEEPING BAG", 62_900, 11_900, 0.10),
    Product("84879", "速干T恤", "QUICK DRY SHIRT", 12_900, 2_450, 0.20),
    Product("47566", "折叠登山杖", "TREKKING POLES, PAIR", 18_900, 3_995, 0.12),
    Product("22720", "露营气炉", "CAMPING STOVE", 15_900, 3_250, 0.11),
    Product("20727", "40升背包", "RUCKSACK 40 L", 39_900, 7_495, 0.11),
    Product("21232", "保温水壶 1L", "VACUUM FLASK 1 L", 9_900, 1_895, 0.08),
)
TENT = PRODUCTS[1]
PRODUCT_WEIGHTS = tuple(product.weight for product in PRODUCTS)

PRE_SALE = ("sizing", "stock", "payment")
POST_SALE = ("delivery", "return", "warranty", "quality")
# (topic, weight); the plan's episodes shift them.
TOPIC_WEIGHTS = {
    "sizing": 0.20,
    "stock": 0.10,
    "payment": 0.06,
    "delivery": 0.28,
    "return": 0.18,
    "warranty": 0.08,
    "quality": 0.10,
}
CATEGORIES = {
    "sizing": "售前/尺码咨询",
    "stock": "售前/库存活动",
    "payment": "售前/支付优惠",
    "delivery": "售后/物流查询",
    "return": "售后/退换货",
    "warranty": "售后/保修",
    "quality": "售后/质量问题",
}
PROVINCES = (
    ("浙江省", "杭州市"), ("江苏省", "南京市"), ("广东省", "深圳市"), ("上海市", "上海市"),
    ("北京市", "北京市"), ("四川省", "成都市"), ("湖北省", "武汉市"), ("陕西省", "西安市"),
)  # fmt: skip
