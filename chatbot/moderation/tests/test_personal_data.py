import pytest

from chatbot.moderation.personal_data import Kind, find, mask


@pytest.mark.parametrize(
    "number",
    [
        *("13812345678", "138 1234 5678", "138-1234-5678", "1-3-8-1-2-3-4-5-6-7-8"),
        *("１３８１２３４５６７８", "138\u200b12345678", "8613812345678", "0086-138-1234-5678"),
        *("138.1234.5678", "１３８．１２３４．５６７８"),
    ],
)
def test_chinese_mobile_numbers_are_hidden(number: str) -> None:
    assert mask(f"我的电话是{number}，谢谢") == "我的电话是138****5678，谢谢"


@pytest.mark.parametrize("number", ["+86 138 1234 5678", "+8613812345678", "(+86)13812345678"])
def test_so_they_are_with_the_code_of_the_country(number: str) -> None:
    assert mask(f"call {number} now") == "call +86 138****5678 now"


@pytest.mark.parametrize(
    ("number", "hidden"),
    [
        ("+44 20 7946 0958", "+44****58"),
        ("+1 (555) 123-4567", "+15****67"),
        ("+1.555.123.4567", "+15****67"),
        ("＋４９ 30 901820", "+49****20"),
    ],
)
def test_numbers_of_other_countries_are_hidden(number: str, hidden: str) -> None:
    assert mask(f"Call {number}!") == f"Call {hidden}!"


@pytest.mark.parametrize(
    "number",
    [
        "11010519491231002X",
        "11010519491231002x",
        "110105 19491231 002X",
        "110105.19491231.002X",
        "１１０１０５１９４９１２３１００２Ｘ",
    ],
)
def test_identity_cards_are_hidden(number: str) -> None:
    assert mask(f"身份证{number}。") == "身份证110***********002X。"


@pytest.mark.parametrize(
    ("number", "hidden"),
    [
        ("4111 1111 1111 1111", "************1111"),
        ("4111-1111-1111-1111", "************1111"),
        ("4111.1111.1111.1111", "************1111"),
        ("6222020000000000000", "***************0000"),
        ("378282246310005", "***********0005"),
    ],
)
def test_bank_cards_are_hidden(number: str, hidden: str) -> None:
    assert mask(f"card {number}, thanks") == f"card {hidden}, thanks"


@pytest.mark.parametrize(
    "text",
    [
        "order 4111111111111112",  # the sum is wrong
        "order 20231122000123456",
        "订单号 202611220001234567890",
        "身份证 110105194912310021",  # the check digit is wrong
        "身份证 11010519491331002X",  # there is no 13th month
        "tracking SF1234567890123",
        "tracking 773012345678901",
        "at 1700000000000 ms",
        "2026-11-22 10:30:00",
        "¥1,299.00 and 13812345678.50",
        "0.4111111111111111",
        "1.381.234.567.800",
        "host 192.168.100.200",
        "138.1234.5678.90",
        "12812345678",  # no network begins with 128
        "1381234567",
        "138123456789",
        "AB-4111-1111-1111-1111",
        "4111111111111111abc",
        "550e8400-e29b-41d4-1716-446655440000",
        "12345678-1234-1234-1234-123456789012",
        "192.168.100.200",
        "12345678",
        "+12345",
        "",
    ],
)
def test_other_numbers_stay(text: str) -> None:
    assert mask(text) == text


def test_several_in_one_text_are_hidden_each_for_itself() -> None:
    text = "13812345678 13912345678, card 4111111111111111 and 5 pieces"
    assert mask(text) == "138****5678 139****5678, card ************1111 and 5 pieces"


def test_what_is_hidden_stays_as_it_is() -> None:
    hidden = mask("+8613812345678 11010519491231002X 4111111111111111")
    assert mask(hidden) == hidden


def test_emoji_before_a_number_move_nothing() -> None:
    (number,) = find("👩‍👩‍👧😀 13812345678")
    assert "👩‍👩‍👧😀 13812345678"[number.start : number.end] == "13812345678"


def test_only_the_kinds_asked_for_are_hidden() -> None:
    text = "13812345678 / 4111111111111111"
    assert mask(text, {Kind.BANK_CARD}) == "13812345678 / ************1111"
    assert mask(text, {Kind.PHONE}) == "138****5678 / 4111111111111111"
    assert mask(text, set()) == text
