from collections.abc import Iterable

import pytest

from chatbot.moderation.matcher import Matcher, Word
from chatbot.moderation.normal_form import normal_form, normal_text

EVERYONE = frozenset({"customer", "agent", "ai"})


def matcher(words: Iterable[str], phrases: Iterable[str] = ()) -> Matcher:
    return Matcher((Word(word, "other", "mask", EVERYONE) for word in words), phrases)


def found(text: str, *words: str, phrases: Iterable[str] = ()) -> list[str]:
    return [text[m.start : m.end] for m in matcher(words, phrases).find(text, "customer")]


@pytest.mark.parametrize(
    "text",
    [
        *("傻逼", "傻-逼", "傻 逼", "傻　逼", "傻.逼", "傻*逼", "傻\u200b逼", "傻\u2060\ufeff逼"),
        *("傻😀逼", "傻\u0336逼", "傻、逼"),
    ],
)
def test_what_hides_a_word_is_looked_through(text: str) -> None:
    assert found(f"你{text}啊", "傻逼") == [text]


@pytest.mark.parametrize(
    "text",
    ["fuck", "FUCK", "ＦＵＣＫ", "f-u-c-k", "f u c k", "fu*ck", "f\u0336u\u0336c\u0336k\u0336"],
)
def test_so_it_is_in_english(text: str) -> None:
    assert found(f"oh {text} you", "fuck") == [text]


@pytest.mark.parametrize(
    "text",
    [
        *("Scunthorpe", "class", "an us citizen", "push it", "he'll come", "cunt1", "discunt"),
        *("they can ton", "Shitake is hit", "ascunthe"),
    ],
)
def test_a_part_of_other_words_is_none(text: str) -> None:
    assert found(text, "cunt", "ass", "anus", "shit", "hell", "canton") == []


def test_words_beside_chinese_and_punctuation_stand_alone() -> None:
    assert found("用vpn上网, (VPN)!", "vpn") == ["vpn", "VPN"]


def test_a_sentence_ends_before_the_next_begins() -> None:
    assert found("他很傻。逼我也没用，傻\n逼", "傻逼") == []


def test_words_of_several_words_are_found_however_spaced() -> None:
    assert found("Take  you to\tcourt or takeyoutocourt", "take you to court") == [
        "Take  you to\tcourt",
        "takeyoutocourt",
    ]


def test_both_scripts_are_found_if_both_are_listed() -> None:
    assert found("律师 和 律師", "律师") == ["律师"]
    assert found("律师 和 律師", "律师", "律師") == ["律师", "律師"]


def test_a_phrase_protects_the_word_in_it_and_nowhere_else() -> None:
    assert found("法轮机和法轮", "法轮", phrases=["法轮机"]) == ["法轮"]
    assert found("Dick Tracy, dick", "dick", phrases=["dick tracy"]) == ["dick"]


def test_of_two_words_one_within_the_other_the_longer_counts() -> None:
    assert found("大傻逼和傻", "傻", "傻逼", "大傻逼") == ["大傻逼", "傻"]


def test_places_are_those_of_the_original_whatever_stands_before() -> None:
    text = "👩‍👩‍👧😀 ﬁne e\u0301 傻\u200b逼 𠀀 傻逼"
    assert found(text, "傻逼") == ["傻\u200b逼", "傻逼"]


def test_a_word_is_looked_for_in_the_texts_of_its_speakers() -> None:
    only = Matcher([Word("bad", "other", "mask", frozenset({"ai"}))])
    assert only.find("bad", "customer") == []
    assert len(only.find("bad", "ai")) == 1


def test_without_words_nothing_is_found() -> None:
    assert found("anything") == []
    assert matcher([]).unfinished(normal_form("anything")) == 8


@pytest.mark.parametrize(
    "text", ["傻-逼", "ＦＵck e\u0301 ﬁ", "👍🏽 he’ll。𠀀", "a\u0336\u200bb", ""]
)
def test_the_quick_form_is_the_same(text: str) -> None:
    assert normal_text(text) == normal_form(text).text


def test_characters_beyond_the_first_plane_are_letters_too() -> None:
    assert found("x𠀀𠀁y", "𠀀𠀁") == ["𠀀𠀁"]
