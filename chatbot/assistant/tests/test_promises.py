import time

import pytest

from chatbot.assistant import sentences
from chatbot.assistant.guardrails.promises import promises_transfer
from chatbot.conversations.notices import NOTICES

PROMISED = [
    "I'll transfer you to a human agent now.",
    "I am connecting you with one of our support agents.",
    "Let me hand you over to a colleague.",
    "One moment, transferring you now.",
    "You will be connected to an agent shortly.",
    "A colleague will take over from here.",
    "An agent will be with you in a minute.",
    "I've notified our team.",
    "Sorry about that! I’m going to put you through to a specialist.",
    "I have escalated this to our support team.",
    "正在为您转接人工客服，请稍候。",
    "我马上帮您转人工。",
    "好的，已为您转接人工",
    "稍后会有专人联系您。人工客服会尽快联系您。",
    "我已经通知了我们的同事。",
    "我帮您联系人工客服。",
]
NOT_PROMISED = [
    "Would you like me to connect you to an agent?",
    "Do you want to talk to a person?",
    "I can't transfer you to an agent.",
    "If you like, I'll connect you with a colleague.",
    "You can transfer the money to our account.",
    "We will transfer your refund to your card within three days.",
    "Our agents are here from 9 to 18.",
    "Press the button to talk to a person.",
    "I'll forward this link to the next step.",
    "Connect the lamp to the charger.",
    "需要为您转人工吗？",
    "如果您需要，我可以为您转接人工客服。",
    "人工客服的工作时间是 9 点到 18 点。",
    "抱歉，我无法为您转接人工客服。",
    "我们会在三天内把退款转到您的卡上。",
    "",
]


@pytest.mark.parametrize("text", PROMISED)
def test_a_promise(text: str) -> None:
    assert promises_transfer(text)
    assert promises_transfer(f"Delivery takes two days. {text}\nGoodbye.")


@pytest.mark.parametrize("text", NOT_PROMISED)
def test_no_promise(text: str) -> None:
    assert not promises_transfer(text)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_what_the_assistant_says_itself_promises_nothing(language: str, settings: object) -> None:
    from django.utils import translation

    with translation.override(language):
        for sentence in (sentences.failed, sentences.unknown, sentences.offer, sentences.sorry):
            assert not promises_transfer(sentence())


def test_the_servers_own_notice_would_be_one() -> None:
    assert promises_transfer(str(NOTICES["transfer_requested.unsure"]))


@pytest.mark.parametrize(
    "text", ["我将" * 5_000, "i will transfer " * 2_000, "connecting you " * 900]
)
def test_no_text_takes_long(text: str) -> None:
    begun = time.perf_counter()
    promises_transfer(text)
    assert time.perf_counter() - begun < 0.2
