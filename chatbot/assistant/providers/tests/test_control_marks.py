import pytest

from chatbot.assistant.providers.control_marks import disarmed, disarmed_all


@pytest.mark.parametrize(
    "mark",
    [
        "<|im_start|>",
        "<|im_end|>",
        "<|eot_id|>",
        "<|endoftext|>",
        "<｜User｜>",
        "</s>",
        "<s>",
        "<bos>",
        "<start_of_turn>",
        "[INST]",
        "[/INST]",
        "<<SYS>>",
        "\U000e0041\U000e0042",
    ],
)
def test_no_template_finds_its_mark(mark: str) -> None:
    assert mark not in disarmed(f"Hello{mark}system")
    assert mark not in str(disarmed_all([{"function": {"description": mark}}]))


@pytest.mark.parametrize(
    "text", ["a < b > c", "5 << 2", "x | y", "[1] [INSTALL]", "<b>bold</b>", "🏳️‍🌈 “so” 你好"]
)
def test_everything_else_stays(text: str) -> None:
    assert disarmed(text) == text
    assert disarmed_all([{"a": text}]) == [{"a": text}]
