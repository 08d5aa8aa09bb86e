"""What customers, agents and the bot write, in both languages.

The words follow from what happens and from the number of the message, never from the random stream
of the world: another wording changes no event.
"""

from __future__ import annotations

from typing import NamedTuple
from zlib import crc32

TOPICS = ("delivery", "return", "warranty", "sizing", "payment", "stock", "account")

SUBJECTS = {
    "delivery": ("Where is my parcel?", "包裹到哪里了？"),
    "return": ("I want to return my order", "我想退货"),
    "warranty": ("Zip broke after two weeks", "拉链用了两周就坏了"),
    "sizing": ("Which boot size do I need?", "登山鞋选多大码？"),
    "payment": ("Charged twice", "重复扣款"),
    "stock": ("When will the tent be back?", "帐篷什么时候补货？"),
    "account": ("Cannot sign in", "无法登录账户"),
}
# A question in even temper, then one in anger.
QUESTIONS = {
    "delivery": (
        ("Could you check where my parcel is?", "The tracking has not changed for days."),
        ("I have been waiting for over a week, this is really annoying.",),
        ("麻烦帮我查一下包裹到哪了。", "物流信息好几天没变了。"),
        ("等了一个多星期还没到，太让人失望了。",),
    ),
    "return": (
        ("I would like to send it back, how do I get a label?", "It is not what I need."),
        ("It looks nothing like the picture, I am very disappointed.",),
        ("想寄回去，请问怎么操作？", "不太适合我。"),
        ("跟图片完全不一样，非常不满意。",),
    ),
    "warranty": (
        ("Is this covered by the warranty?", "I bought it two weeks ago."),
        ("Such poor quality, I regret buying it.",),
        ("请问这个在保修期内吗？", "两周前买的。"),
        ("质量太差了，后悔买了。",),
    ),
    "sizing": (
        ("I usually wear 42, does this model run small?", "It is for a winter tour."),
        ("The size chart is useless, I ordered wrong twice already.",),
        ("平时穿42码，这款会不会偏小？", "冬天徒步用。"),
        ("尺码表根本不准，已经买错两次了，真烦。",),
    ),
    "payment": (
        ("My card shows two payments.", "Can you tell me which one is right?"),
        ("You took my money twice, this is unacceptable.",),
        ("银行卡显示付了两次。", "能帮忙核对一下吗？"),
        ("扣了我两次钱，太离谱了，赶紧处理。",),
    ),
    "stock": (
        ("I would like to buy two of them.", "Can you put one aside for me?"),
        ("It has been sold out for months, that is ridiculous.",),
        ("我想买两顶。", "可以帮我留一顶吗？"),
        ("缺货几个月了，太过分了。",),
    ),
    "account": (
        ("The code that you send does not work.", "My order number is in my account."),
        ("I have tried ten times, I am fed up with this.",),
        ("收到的验证码不对。", "订单号在账户里。"),
        ("试了十次都登录不上，烦死了。",),
    ),
}
ANSWERS = {
    "delivery": (
        "Your parcel is with the courier and should arrive within two days.",
        "您的包裹已在派送途中，预计两天内送达。",
    ),
    "return": (
        "I have sent you the return label, the refund follows once we have received it.",
        "退货单已经发给您，收到货后会安排退款。",
    ),
    "warranty": (
        "It is covered by the warranty, we will repair it free of charge.",
        "在保修期内，我们免费为您维修。",
    ),
    "sizing": (
        "Please take one size larger than your street shoes.",
        "建议您比平时的鞋大一码。",
    ),
    "payment": (
        "One of the two payments was only a reservation and is released within three days.",
        "其中一笔是预授权，三天内会退回您的账户。",
    ),
    "stock": (
        "The next delivery comes at the end of the month, I have noted your address.",
        "月底会补货，已经为您登记到货通知。",
    ),
    "account": (
        "I have reset your password, please use the link in the email.",
        "已为您重置密码，请点击邮件里的链接。",
    ),
}
# A customer's later messages: content, in even temper, upset.
MOODS = {
    "more": (
        ("Great, that helps a lot. Here is the photo.", "太好了，照片发您了。"),
        ("Here is what you asked for.", "补充的信息已发。"),
        (
            "I have already sent this, how often must I repeat myself?",
            "已经发过了，怎么又问，真烦人。",
        ),
    ),
    "chase": (
        ("Any news on this?", "请问有进展吗？"),
        ("Any news on this?", "请问有进展吗？"),
        ("Still no answer, this is terrible service.", "一直没人回复，服务太差了。"),
    ),
    "back": (
        ("I have one more question about this.", "还有一个问题想问一下。"),
        ("It still does not work.", "问题还是没有解决。"),
        (
            "It is still not solved, I am really disappointed. This is a complaint.",
            "根本没有解决，太失望了，我要投诉。",
        ),
    ),
}
# All of these need no answer (seed courtesy_phrases).
THANKS = (
    ("Thanks!", "谢谢！"),
    ("Perfect, thanks!", "谢谢您！"),
    ("Great, thanks!", "好的谢谢！"),
    ("Thank you so much!", "感谢！"),
)
PHRASES = {
    "hold": ("Checking this with the courier.", "正在与快递公司核实。"),
    "transfer": ("Belongs to your team, please take over.", "属于你们组，请接手。"),
    "human": ("I would rather talk to a person.", "转人工。"),
    "bot": ("Hi, this article may answer it.", "您好，这篇帮助文章也许能解答您的问题。"),
    "proactive": ("Your parcel is delayed by one day.", "您的包裹将延迟一天送达。"),
    "call": ("Summary of our call as agreed.", "通话内容记录如下。"),
    "spam": ("Cheap watches, click here", "低价手表，点击查看"),
    "test": ("Test, please ignore", "测试，请忽略"),
    "merged": ("Merged with another request.", "已与另一工单合并。"),
    "empty": ("", ""),
}
GREETINGS = ("Hello, thank you for contacting us.", "您好，感谢您的咨询。")
APOLOGIES = ("We are sorry for the inconvenience.", "非常抱歉给您带来不便。")
ASKS = ("Could you send us a photo of it, please?", "麻烦您提供一张照片，谢谢。")
FAREWELLS = ("Is there anything else I can help you with?", "请问还有其他可以帮您的吗？")
BLUNDERS = ("That is not my problem.", "这个不归我管。")

ANGRY_SHARE = {"delivery": 25, "warranty": 25, "payment": 20, "account": 20, "return": 12}
BLUNDER_SHARE = 2
LEAST_DISCIPLINE = 70
CHAT_FAREWELL_SHARE = 40
UPSET_PER_STRAIN = 45
CONTENT_SHARE = 30
CALM = 0.4


class Occasion(NamedTuple):
    """When something is written: `strain` is what the customer has been put through so far."""

    number: int
    topic: str
    agent_id: int | None = None
    strain: float = 0.0
    is_first_reply: bool = False
    is_last_reply: bool = False
    is_chat: bool = False


UPSET = frozenset(
    [texts[2][n] for texts in MOODS.values() for n in (0, 1)]
    + [angry[0] for texts in QUESTIONS.values() for angry in texts[1::2]]
)


def is_upset(text: str) -> bool:
    """Whether the words are an upset customer's."""
    return any(words in text for words in UPSET)


def subject(topic: str, language: str) -> str:
    return SUBJECTS[topic][language == "zh"]


def phrase(kind: str, language: str, occasion: Occasion) -> str:
    is_chinese = language == "zh"
    if kind == "question":
        return _question(language, occasion)
    if kind in {"answer", "ask"}:
        return _reply(kind, language, occasion)
    if kind == "thanks":
        return THANKS[_draw(occasion, kind) % len(THANKS)][is_chinese]
    if kind in MOODS:
        return MOODS[kind][_mood(occasion)][is_chinese]
    return PHRASES[kind][is_chinese]


def _draw(occasion: Occasion, what: str) -> int:
    """0 to 99, ever the same for a message and a question about it."""
    return crc32(f"{occasion.number}:{what}".encode()) % 100


def _mood(occasion: Occasion) -> int:
    """0 content, 1 in even temper, 2 upset: the more strain, the more upset."""
    draw = _draw(occasion, "mood")
    if draw < UPSET_PER_STRAIN * occasion.strain:
        return 2
    return 0 if occasion.strain < CALM and draw >= 100 - CONTENT_SHARE else 1


def _question(language: str, occasion: Occasion) -> str:
    calm, angry = (
        QUESTIONS[occasion.topic][2:] if language == "zh" else QUESTIONS[occasion.topic][:2]
    )
    is_angry = _draw(occasion, "anger") < ANGRY_SHARE.get(occasion.topic, 5)
    rest = angry[0] if is_angry else calm[_draw(occasion, "question") % len(calm)]
    opening = subject(occasion.topic, language)
    return f"您好，{opening}{rest}" if language == "zh" else f"Hello, {opening} {rest}"


def _reply(kind: str, language: str, occasion: Occasion) -> str:
    """Agents differ in how well they keep to what they were taught."""
    is_chinese = language == "zh"
    discipline = LEAST_DISCIPLINE + crc32(str(occasion.agent_id).encode()) % (
        100 - LEAST_DISCIPLINE
    )
    parts = []
    if occasion.is_first_reply and _draw(occasion, "greeting") < discipline:
        parts.append(GREETINGS[is_chinese])
    if occasion.strain > CALM and _draw(occasion, "apology") < discipline:
        parts.append(APOLOGIES[is_chinese])
    parts.append(ASKS[is_chinese] if kind == "ask" else ANSWERS[occasion.topic][is_chinese])
    if kind == "answer" and _draw(occasion, "blunder") < BLUNDER_SHARE:
        parts.append(BLUNDERS[is_chinese])
    says_farewell = occasion.is_last_reply or (
        occasion.is_chat and _draw(occasion, "end of chat") < CHAT_FAREWELL_SHARE
    )
    if kind == "answer" and says_farewell and _draw(occasion, "farewell") < discipline:
        parts.append(FAREWELLS[is_chinese])
    return ("" if is_chinese else " ").join(parts)
