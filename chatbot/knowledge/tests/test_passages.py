import time
from hashlib import sha256

import pytest
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
        ("Fees > Abroad", "Costs more."),
    ]


def test_a_passage_knows_the_headings_above_its_own() -> None:
    body = "# Returns\n\nA\n\n## Abroad\n\nB\n\n#### Costs\n\nC\n\n## Here\n\nD\n\n# Fees\n\nE"
    assert [(section.text, section.heading) for section in split(body)] == [
        ("A", "Returns"),
        ("B", "Returns > Abroad"),
        ("C", "Returns > Abroad > Costs"),
        ("D", "Returns > Here"),
        ("E", "Fees"),
    ]


def test_of_endless_headings_the_innermost_are_kept() -> None:
    body = "".join(f"{'#' * level} {str(level) * 140}\n\n" for level in (1, 2, 3)) + "Text."
    assert split(body)[0].heading == f"{'2' * 140} > {'3' * 140}"
    assert len(split(f"# {'x' * 999}\n\nText.")[0].heading) == 300


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("| Land | Costs |\n|---|:-:|\n| DE | 5 |\n| FR |  |", "- Land: DE; Costs: 5\n- Land: FR"),
        ("| one | two |", "- one; two"),
        ("| a \\| b | c |", "- a | b; c"),
        ("* one\n+ two\n  goes on\n    - three", "- one\n- two goes on\n- three"),
        ("1. first\n1) second", "1. first\n2. second"),
        ("Intro:\n- one\n- two", "Intro:\n- one\n- two"),
        (
            "See [our page](https://a.example/x_(y)) or <https://b.example>.",
            "See our page or https://b.example.",
        ),
        ('![A box](box.png "Box") is **never `red`**', "A box is never red"),
        ("```\n# no heading\n\n**as it is**\n```", "# no heading\n**as it is**"),
        ("2 * 3 * 4 and snake_case __init__", "2 * 3 * 4 and snake_case __init__"),
        ("Text\n## Title ##\nMore of C#", "Text|Title: More of C#"),
    ],
)
def test_markdown_becomes_lines_that_can_be_read_aloud(body: str, expected: str) -> None:
    found = [f"{each.heading}: {each.text}".removeprefix(": ") for each in split(body)]
    assert "|".join(found) == expected


@pytest.mark.parametrize("mark", ["*", "[", "|", "`", "-", "# ", "[](", "**a ", " ", "#"])
def test_a_megabyte_of_marks_takes_no_time(mark: str) -> None:
    started = time.process_time()
    split(f"a{mark * (1_000_000 // len(mark))}x")
    split(f"# a{mark * (1_000_000 // len(mark))}x")
    assert time.process_time() - started < 5


def test_passages_of_before_nested_headings_keep_their_hashes() -> None:
    sections = split("Intro.\n\n## Fees\n\n- one\n- two\n\n### Abroad\n\nMore.\n- three")
    assert [section.content_hash for section in sections] == [
        sha256(stored.encode()).hexdigest()[:32]
        for stored in ("\nIntro.", "Fees\n- one\n- two", "Abroad\nMore.\n- three")
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
