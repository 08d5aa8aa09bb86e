"""What people write, by language, topic and mood; short, and with words that carry a feeling."""

from __future__ import annotations

from random import Random

MIDDLE = 3
TOPICS = {
    "zh": {
        "sizing": "尺码", "stock": "库存", "payment": "付款", "delivery": "物流",
        "return": "退货", "warranty": "保修", "quality": "质量",
    },
    "en": {
        "sizing": "the size advice", "stock": "the stock answer", "payment": "the payment",
        "delivery": "the delivery", "return": "my return", "warranty": "the warranty",
        "quality": "the quality",
    },
}  # fmt: skip
GOOD = {
    "zh": (
        "客服很耐心，{topic}问题马上解决了，非常满意",
        "回复很快，态度好，{topic}讲得很清楚，点赞",
        "服务热情专业，下次还会来买",
    ),
    "en": (
        "Very friendly and quick, {topic} was sorted at once. Excellent!",
        "Great help with {topic}, thank you so much",
        "Helpful and kind, I am very happy",
    ),
}
FAIR = {
    "zh": ("{topic}问题基本解决，就是等得有点久", "还行吧，一般", "回复一般，希望快一点"),
    "en": (
        "{topic} was handled in the end, but it took a while",
        "It was okay",
        "Average, could be faster",
    ),
}
BAD = {
    "zh": (
        "{topic}问题一直没解决，太失望了",
        "等了半天没人理，态度差，投诉",
        "答非所问，{topic}太糟糕了，再也不买了",
    ),
    "en": (
        "Still no solution for {topic}, terrible and very disappointed",
        "Waited forever and got a rude answer, awful",
        "Useless reply about {topic}, I want my money back",
    ),
}
QUESTIONS = {
    "zh": {
        "sizing": "你好，平时穿42码，这双鞋选多大？", "stock": "请问这款什么时候有货？",
        "payment": "为什么优惠券用不了？", "delivery": "我的快递怎么还没到，急用",
        "return": "不合适，想退货，运费谁出？", "warranty": "拉链坏了，在保修期内吗？",
        "quality": "帐篷漏水，质量太差了",
    },
}  # fmt: skip
ANSWERS = (
    "您好，请稍等，我马上为您查询。",
    "已经为您处理好了，请留意短信。",
    "这边帮您登记，24小时内回复您。",
)
FOLLOW_UPS = ("好的，那大概要多久？", "订单号我发你了", "还是不太明白", "麻烦快一点")
BOT_ANSWER = "您好，我是智能客服小北，猜您想问以下问题。"
BOT_WISH = "转人工"
CASES = {
    "faulty": ("帐篷支架断裂，\n下雨漏水无法使用", "缝线开裂，\n要求退款并赔偿"),
    "late": ("快递超过七天未送达，\n多次催促无果", "包裹丢失，\n要求补发"),
    "other": ("发错颜色，\n客服推诿", "少发一件配件"),
}


def remark(rng: Random, language: str, topic: str, score: int) -> str:
    pool = BAD if score < MIDDLE else FAIR if score == MIDDLE else GOOD
    return rng.choice(pool[language]).format(topic=TOPICS[language][topic])
