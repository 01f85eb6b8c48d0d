import pytest

from chatbot.assistant.guardrails.claims import claims_deed

CLAIMS = [
    "I have refunded your order.",
    "Good news: I’ve just issued you a full refund of ¥420 [1].",
    "I cancelled your order. Anything else?",
    "We have already transferred the money to you.",
    "I've changed the delivery address.",
    "我已经把款项转账给您了。",
    "已为您全额退款420元[1]。",
    "好的，刚刚帮您取消了订单。",
    "已帮您把收货地址修改好了。",
]
READ = [
    "Your refund of ¥420 has been issued.",
    "You have been refunded.",
    "退款已到账。",
    "您的退款已经成功办理。",
]
NONE = [
    "Once your refund has been issued, it takes three days [1].",
    "We refund within 7 days [1].",
    "A colleague has to approve the refund.",
    "I have not refunded it yet.",
    "Refunds are paid to your original payment method.",
    "Your order is cancelled if it is not paid within 30 minutes.",
    "I have found your order: it is on its way.",
    "Would you like me to cancel it?",
    "我们为您提供七天无理由退款。",
    "我们会在三天内为您退款。",
    "退款完成后三天内到账。",
    "如果退款已到账，请查收短信。",
    "订单已取消的，款项三天内退回。",
    "已为您查询到订单的退款政策。",
    "您可以申请退款。",
]


@pytest.mark.parametrize("text", [*CLAIMS, *READ])
def test_a_claim_is_recognised(text: str) -> None:
    assert claims_deed(text)


@pytest.mark.parametrize("text", NONE)
def test_how_things_go_is_no_claim(text: str) -> None:
    assert not claims_deed(text)


def test_what_a_tool_may_have_said_is_no_claim_of_ones_own() -> None:
    assert all(claims_deed(text, has_read=True) for text in CLAIMS)
    assert not any(claims_deed(text, has_read=True) for text in READ)
