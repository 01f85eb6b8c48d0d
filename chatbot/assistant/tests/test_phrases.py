import time

import pytest

from chatbot.assistant.embedded.phrases import Phrase, recognise


@pytest.mark.parametrize(
    "text",
    [
        "hi",
        "Hello!",
        "hey there",
        "Good morning",
        "你好",
        "您好，在吗？",
        "在吗",
        "有人吗",
        "早上好",
        "你好呀～",
    ],
)
def test_a_greeting_is_one(text: str) -> None:
    assert recognise(text) is Phrase.GREETING


@pytest.mark.parametrize(
    "text",
    [
        "thanks",
        "Thank you so much!",
        "thx, bye",
        "ok",
        "okay great",
        "谢谢",
        "好的，知道了，谢谢你",
        "嗯嗯",
    ],
)
def test_thanks_are_thanks(text: str) -> None:
    assert recognise(text) is Phrase.THANKS


@pytest.mark.parametrize("text", ["bye", "Goodbye!", "see you later", "再见", "拜拜啦"])
def test_a_goodbye_is_one(text: str) -> None:
    assert recognise(text) is Phrase.GOODBYE


@pytest.mark.parametrize(
    "text",
    [
        "Talk to a person",
        "I want to talk to a human",
        "can I speak with someone?",
        "Connect me to an agent, please",
        "agent",
        "human please",
        "This bot is useless. Get me support staff!",
        "transfer me to customer service",
        "I’d like to chat with a live support agent",
        "转人工",
        "人工客服",
        "我要人工！",
        "请帮我转人工客服，谢谢",
        "机器人听不懂，转人工！",
        "我想和真人聊",
        "能不能换人工",
        "联系客服",
        "有没有真人",
        "转 人工",
    ],
)
def test_a_wish_for_a_person_is_understood(text: str) -> None:
    assert recognise(text) is Phrase.PERSON


@pytest.mark.parametrize(
    "text",
    [
        "I don't want to talk to a human",
        "when can I talk to a person?",
        "do I need a person to sign for the parcel",
        "can an agent give me a refund",
        "the courier agent was rude",
        "talk to the courier",
        "how do I contact you",
        "不用转人工",
        "别转人工",
        "人工客服几点上班",
        "客服电话是多少",
        "客服态度不好",
        "Hello, how long does delivery take?",
        "你好，运费怎么算",
        "ok so how do I pay",
        "high",
        "",
        "   ",
        "?!",
        "👍",
        "\x00",
        "\ud800",
    ],
)
def test_a_question_is_neither_small_talk_nor_a_wish(text: str) -> None:
    assert recognise(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "hi " * 5_000,
        "嗯" * 59 + "x",
        "bye " * 14 + "x",
        "想要" * 190 + "x",
        "请我要能" * 90 + "x",
        "a" * 10_000,
    ],
)
def test_no_text_keeps_the_recognition_busy(text: str) -> None:
    started = time.perf_counter()
    recognise(text)
    assert time.perf_counter() - started < 0.5
