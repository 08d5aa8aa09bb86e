"""What customers, agents and the bot write; short, in both languages."""

from __future__ import annotations

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
PHRASES = {
    "question": (
        "Hello, {subject} My order number is in my account.",
        "您好，{subject}订单号在账户里。",
    ),
    "answer": ("Here is the information you asked for.", "这里是您需要的信息，请查收。"),
    "ask": ("Thank you. What I still need is a photo of it.", "谢谢，还需要您提供一张照片。"),
    "hold": ("Checking this with the courier.", "正在与快递公司核实。"),
    "transfer": ("Belongs to your team, please take over.", "属于你们组，请接手。"),
    "more": ("Here is what you asked for.", "补充的信息已发。"),
    "chase": ("Any news on this?", "请问有进展吗？"),
    "back": ("It still does not work.", "问题还是没有解决。"),
    "human": ("I would rather talk to a person.", "转人工。"),
    "thanks": ("Thanks!", "谢谢！"),
    "bot": ("Hi, this article may answer it.", "您好，这篇帮助文章也许能解答您的问题。"),
    "proactive": ("Your parcel is delayed by one day.", "您的包裹将延迟一天送达。"),
    "call": ("Summary of our call as agreed.", "通话内容记录如下。"),
    "spam": ("Cheap watches, click here", "低价手表，点击查看"),
    "test": ("Test, please ignore", "测试，请忽略"),
    "merged": ("Merged with another request.", "已与另一工单合并。"),
    "empty": ("", ""),
}


def subject(topic: str, language: str) -> str:
    return SUBJECTS[topic][language == "zh"]


def phrase(kind: str, language: str, topic: str = "delivery") -> str:
    text = PHRASES[kind][language == "zh"]
    return text.format(subject=subject(topic, language)) if kind == "question" else text
