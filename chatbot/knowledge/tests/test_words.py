import pytest

from chatbot.knowledge.words import is_pair, language_of, words


def test_english_forms_of_one_word_become_one() -> None:
    assert len({tuple(words(form)) for form in ("ship", "ships", "shipped", "Shipping")}) == 1
    assert words("parcel's") == words("parcels") == words("PARCEL")


def test_chinese_counts_characters_and_their_pairs() -> None:
    assert words("退货运费") == ["退", "退货", "货", "货运", "运", "运费", "费"]
    assert [word for word in words("退货") if is_pair(word)] == ["退货"]


def test_pairs_do_not_reach_over_punctuation_or_latin_words() -> None:
    assert not any(is_pair(word) for word in words("退，货"))
    assert not any(is_pair(word) for word in words("退VIP货"))


@pytest.mark.parametrize("empty", ["", "   ", "?!…", "what is it", "这是什么呢", "\x00", "\ud800"])
def test_what_says_nothing_has_no_words(empty: str) -> None:
    assert [word for word in words(empty) if not is_pair(word)] == []


def test_full_width_and_curly_forms_are_the_same() -> None:
    assert words("ＶＩＰ") == words("vip")
    assert words("can’t") == words("can't")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("How long does delivery take?", "en"),
        ("多久到货", "zh-hans"),
        ("APP 闪退", "zh-hans"),
        ("iPhone 15 Pro Max case 有吗", "zh-hans"),
        ("My code 满减 does not work in the basket", "en"),
        ("café déjà vu", "en"),
    ],
)
def test_language_follows_the_script(text: str, language: str) -> None:
    assert language_of(text, "none") == language


@pytest.mark.parametrize("text", ["", "???", "👍", "12345", " \n"])
def test_a_text_without_letters_is_in_the_language_spoken_so_far(text: str) -> None:
    assert language_of(text, "zh-hans") == "zh-hans"
