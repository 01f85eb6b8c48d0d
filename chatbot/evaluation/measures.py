"""How well questions are answered. Pure."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass

AMONG = 3  # what a customer is offered when no answer is sure


@dataclass(frozen=True)
class Question:
    """`expected` is the key of the article that answers it, None if nothing known does.

    `group` is what it is counted with: a language, or another name for a kind of question.
    """

    text: str
    language: str
    expected: str | None
    group: str = ""
    key: str = ""


@dataclass(frozen=True)
class Reply:
    """Keys of articles: those found, best first, the one that would be given as the answer, and
    those that it `also` stands on. An answer that stands on nothing has "" for a key.

    Not `judged`: the way finds, but nobody decided from when on it would answer.
    """

    found: tuple[str, ...]
    answer: str | None = None
    judged: bool = True
    also: tuple[str, ...] = ()


Way = Callable[[str, str], Reply]
"""Asked a text in a language, it replies."""


@dataclass(frozen=True)
class Result:
    """One question and what was replied."""

    question: Question
    reply: Reply

    @property
    def is_right(self) -> bool:
        """The right answer was given, or none where nothing answers."""
        return self.question.expected in (self.reply.answer, *self.reply.also)

    @property
    def is_misleading(self) -> bool:
        """A wrong answer was given: worse than none."""
        return self.reply.answer is not None and not self.is_right


@dataclass(frozen=True)
class Figures:
    """Counts of questions. `answered` and what follows are None where nobody judged."""

    on_topic: int
    hit_1: int
    hit_3: int
    off_topic: int
    answered: int | None = None
    right: int | None = None
    off_topic_answered: int | None = None

    def as_json(self) -> dict[str, int | float | None]:
        """The counts, and the shares that are read."""
        return {**asdict(self), **{name: _rounded(share) for name, share in self.shares().items()}}

    def shares(self) -> dict[str, float | None]:
        """Of on-topic questions: found first, among three, answered; of answers given to them:
        right; of off-topic questions: refused."""
        refused = (
            None if self.off_topic_answered is None else self.off_topic - self.off_topic_answered
        )
        return {
            "hit@1": _share(self.hit_1, self.on_topic),
            "hit@3": _share(self.hit_3, self.on_topic),
            "answered_share": _share(self.answered, self.on_topic),
            "right_share": _share(self.right, self.answered),
            "refused_share": _share(refused, self.off_topic),
        }


def ask(way: Way, questions: Iterable[Question]) -> list[Result]:
    """Every question, one after the other."""
    return [Result(each, way(each.text, each.language)) for each in questions]


def figures(results: Sequence[Result]) -> Figures:
    """What the results add up to."""
    on = [each for each in results if each.question.expected is not None]
    off = [each for each in results if each.question.expected is None]
    found = [
        each.reply.found.index(str(e))
        for each in on
        if (e := each.question.expected) in each.reply.found[:AMONG]
    ]
    judged = all(each.reply.judged for each in results)
    answered = [each for each in on if each.reply.answer is not None]
    return Figures(
        on_topic=len(on),
        hit_1=found.count(0),
        hit_3=len(found),
        off_topic=len(off),
        answered=len(answered) if judged else None,
        right=sum(each.is_right for each in answered) if judged else None,
        off_topic_answered=sum(each.is_misleading for each in off) if judged else None,
    )


def by_group(results: Iterable[Result]) -> dict[str, Figures]:
    """The figures of each group, in the order of their first questions."""
    groups: defaultdict[str, list[Result]] = defaultdict(list)
    for each in results:
        groups[each.question.group or each.question.language].append(each)
    return {group: figures(found) for group, found in groups.items()}


def lost(before: Sequence[Result], now: Sequence[Result]) -> list[Question]:
    """The questions that were answered rightly and are not any more."""
    right = {each.question.key for each in before if each.is_right}
    return [each.question for each in now if each.question.key in right and not each.is_right]


@dataclass(frozen=True)
class Comparison:
    """The same questions before and now: counts, and those that were right and are not any more.

    `right` counts on-topic questions answered rightly, `refused` off-topic ones not answered.
    """

    on_topic: int
    off_topic: int
    right: tuple[int, int]
    refused: tuple[int, int]
    lost: tuple[Question, ...]

    @property
    def has_dropped(self) -> bool:
        return any(now < before for before, now in (self.right, self.refused))


def compare(before: Sequence[Result], now: Sequence[Result]) -> Comparison:
    """Of the questions that both were asked."""
    known = {each.question.key: each for each in before}
    pairs = [(known[key], each) for each in now if (key := each.question.key) in known]
    on = [pair for pair in pairs if pair[1].question.expected is not None]
    off = [pair for pair in pairs if pair[1].question.expected is None]
    return Comparison(len(on), len(off), _right(on), _right(off), tuple(lost(before, now)))


def _right(pairs: Sequence[tuple[Result, Result]]) -> tuple[int, int]:
    return sum(old.is_right for old, _ in pairs), sum(new.is_right for _, new in pairs)


def _share(part: int | None, whole: int | None) -> float | None:
    return None if part is None or not whole else part / whole


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 4)
