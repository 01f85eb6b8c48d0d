import threading

import pytest

from chatbot.knowledge.embedders.desk import Desk
from chatbot.knowledge.embedders.embedding import MAX_QUESTION
from chatbot.knowledge.embedders.tests.letters import SIZE, Letters


def test_the_same_question_is_embedded_once() -> None:
    desk, letters = Desk(), Letters()
    for _ in range(3):
        vector = desk.vector(letters, " Where is it? ", patience=5)
        assert vector is not None
        assert vector.shape == (SIZE,)
    assert letters.embedded == ["Where is it?"]


def test_two_models_do_not_share_what_they_remember() -> None:
    desk, one, other = Desk(), Letters("one"), Letters("other")
    desk.vector(one, "Where?", patience=5)
    desk.vector(other, "Where?", patience=5)
    assert one.embedded == other.embedded == ["Where?"]


def test_who_has_no_patience_goes_without_and_finds_it_there_later() -> None:
    desk, letters = Desk(), Letters()
    letters.held = threading.Event()
    assert desk.vector(letters, "Where?", patience=0) is None
    letters.held.set()
    assert desk.vector(letters, "Where?", patience=5) is not None
    assert letters.embedded == ["Where?"]


def test_a_failure_is_not_remembered() -> None:
    desk, letters = Desk(), Letters()
    letters.broken = True
    assert desk.vector(letters, "Where?", patience=5) is None
    letters.broken = False
    assert desk.vector(letters, "Where?", patience=5) is not None


def test_only_so_many_are_remembered() -> None:
    desk, letters = Desk(remembered=2), Letters()
    for text in ("a", "b", "c", "a"):
        desk.vector(letters, text, patience=5)
    assert letters.embedded == ["a", "b", "c", "a"]


@pytest.mark.parametrize("nothing", ["", "  ", "\0", "\ud800"])
def test_what_says_nothing_is_not_embedded(nothing: str) -> None:
    letters = Letters()
    assert Desk().vector(letters, nothing, patience=5) is None
    assert letters.embedded == []


def test_a_long_question_is_cut_and_what_cannot_be_encoded_left_out() -> None:
    letters = Letters()
    Desk().vector(letters, "a\ud800b" + "x" * 20_000, patience=5)
    assert len(letters.embedded[0]) < MAX_QUESTION
    assert letters.embedded[0].startswith("abx")
