import numpy as np

from chatbot.knowledge.meaning import MeaningIndex
from chatbot.knowledge.retrieval import Document, KeywordIndex, Scores
from chatbot.knowledge.retrievers import Asked, Both

TITLES = ("How do I return an item?", "Which items cannot be returned?", "Who are you?")


class Alike(MeaningIndex):
    """Finds all of three documents as near as can be, the second above all."""

    def __init__(self) -> None:
        self.present = np.ones(3, bool)

    def nearness(self, question: object) -> Scores:
        return np.array([1.4, 1.6, 0.2])


def confidences(question: str) -> list[float]:
    words = KeywordIndex([Document(title, text="") for title in TITLES])
    found = Both(words, Alike()).confidences(Asked(question, np.ones(4, np.float32)))
    return [float(each) for each in found]


def test_what_is_asked_word_for_word_leaves_no_doubt_between_two() -> None:
    asked, alike, other = confidences(TITLES[0])
    assert asked == 1
    assert 0 < other < alike <= 0.5


def test_in_other_words_the_nearest_comes_first() -> None:
    asked, alike, _ = confidences("May I bring back what I bought?")
    assert alike > asked > 0.5
