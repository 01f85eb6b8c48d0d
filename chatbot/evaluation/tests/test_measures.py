from chatbot.evaluation.baseline import PlainBM25
from chatbot.evaluation.measures import Question, Reply, Result, by_group, figures, lost
from chatbot.knowledge.retrieval import Document


def result(
    expected: str | None, found: tuple[str, ...] = (), answer: str | None = None, key: str = ""
) -> Result:
    return Result(Question("?", "en", expected, key=key), Reply(found, answer))


def test_figures_count_what_was_found_answered_right_and_refused() -> None:
    found = figures(
        [
            result("a", ("a", "b"), "a"),
            result("a", ("b", "a"), "b"),
            result("a", ("x", "y", "z", "a")),
            result(None, ("a",), "a"),
            result(None, ("a",)),
        ]
    )
    assert (found.on_topic, found.hit_1, found.hit_3, found.off_topic) == (3, 1, 2, 2)
    assert (found.answered, found.right, found.off_topic_answered) == (2, 1, 1)
    assert found.shares()["right_share"] == found.shares()["refused_share"] == 0.5


def test_what_nobody_judged_has_no_share_of_answers() -> None:
    found = figures([Result(Question("?", "en", "a"), Reply(("a",), judged=False))])
    assert (found.hit_1, found.answered, found.shares()["right_share"]) == (1, None, None)


def test_nothing_asked_is_nothing_found() -> None:
    assert figures([]).as_json()["hit@1"] is None


def test_groups_are_counted_apart() -> None:
    rows = [Result(Question("?", "en", "a", group="cross"), Reply(("a",), "a")), result("a")]
    assert {name: found.hit_1 for name, found in by_group(rows).items()} == {"cross": 1, "en": 0}


def test_lost_is_what_was_right_and_is_not_any_more() -> None:
    before = [result("a", answer="a", key="1"), result("a", key="2"), result(None, key="3")]
    now = [result("a", answer="b", key="1"), result("a", key="2"), result(None, key="3")]
    assert [question.key for question in lost(before, now)] == ["1"]
    assert lost([], now) == []


def test_the_baseline_finds_by_shared_words() -> None:
    plain = PlainBM25([("a", Document("Delivery", "Two days.")), ("b", Document("退款", "三天"))])
    assert plain.reply("when is delivery").found == ("a",)
    assert plain.reply("怎么退款").found == ("b",)
    assert plain.reply("nothing").found == ()
