import pytest

from workbench.copilot.citations import readable, readable_so_far


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Two to four days [1]. Free from 30 € [2, 3].", "Two to four days. Free from 30 €."),
        ("两到四天【1】。满 199 元免邮[2、3]。", "两到四天。满 199 元免邮。"),
        ("Order [A-17] has 3 parts.", "Order [A-17] has 3 parts."),
        (" Nothing to cite. ", "Nothing to cite."),
    ],
)
def test_customers_do_not_see_the_marks(text: str, read: str) -> None:
    assert readable(text) == read


@pytest.mark.parametrize(
    "text",
    ["It takes 2 to 4 days [1], or 8 [2, 3]. Bye", "[1] Yes.", "Press [Enter] 2 times [12]."],
)
def test_what_is_shown_of_a_growing_text_only_grows(text: str) -> None:
    shown = ""
    for end in range(len(text) + 1):
        now = readable_so_far(text[:end])
        assert now.startswith(shown), text[:end]
        shown = now
    assert readable(text).startswith(shown)
