from hypothesis import given
from hypothesis import strategies as st

from chatbot.knowledge.blocks import blocks
from chatbot.knowledge.passages import MAX_CHARACTERS, split

BODY = """First paragraph.
Its second line.

## Fees

- one euro
- two euros

### Abroad
Costs more."""


def test_a_text_is_headings_lists_and_paragraphs() -> None:
    assert [(block.kind, block.lines) for block in blocks(BODY)] == [
        ("paragraph", ["First paragraph.", "Its second line."]),
        ("heading", ["Fees"]),
        ("list", ["one euro", "two euros"]),
        ("heading", ["Abroad"]),
        ("paragraph", ["Costs more."]),
    ]


def test_a_passage_stands_under_its_heading_and_never_crosses_one() -> None:
    assert [(section.heading, section.text) for section in split(BODY)] == [
        ("", "First paragraph.\nIts second line."),
        ("Fees", "- one euro\n- two euros"),
        ("Abroad", "Costs more."),
    ]


def test_short_paragraphs_share_a_passage() -> None:
    assert [section.text for section in split("One.\n\nTwo.")] == ["One.\n\nTwo."]


def test_a_long_paragraph_is_cut_between_sentences() -> None:
    sentence = "This sentence is repeated until no passage can hold it. "
    sections = split(sentence * 30)
    assert len(sections) > 1
    assert all(section.text.endswith("hold it.") for section in sections)


def test_the_hash_changes_with_the_words_only() -> None:
    first, second = split("## A\n\nsame"), split("intro\n\n## A\n\nsame")
    assert first[0].content_hash == second[1].content_hash
    assert first[0].content_hash != split("## B\n\nsame")[0].content_hash


@given(st.text(alphabet="ab。. \n#-", max_size=3_000))
def test_nothing_is_lost_and_nothing_is_too_long(body: str) -> None:
    sections = split(body)
    assert all(0 < len(section.text) <= MAX_CHARACTERS + 2 for section in sections)
    spoken = "".join(
        line for block in blocks(body) if block.kind != "heading" for line in block.lines
    )
    kept = "".join(section.text for section in sections)
    for letter in "ab。":
        assert kept.count(letter) == spoken.count(letter)
