import time

import pytest

from chatbot.assistant.handover.moods import HIGHEST, Mood, intensity, mood_of

UPSET = [
    "This is the third time I ask, and you still have no answer!!!",
    "You are useless, this is a scam",
    "WHERE IS MY PARCEL, ARE YOU KIDDING ME",
    "I will file a complaint",
    "I'm fed up, worst shop ever",
    "what the f*ck, this is bullshit",
    "气死我了，你们这是什么破服务",
    "我要投诉你们！",
    "这已经是第三次了，到底有没有人管！！！",
    "骗子",
    "你们太敷衍了，垃圾客服",
]
ANNOYED = ["This is really annoying", "It still has not come!!", "太让人失望了", "你们态度真差"]
CALM = [
    "How long does delivery take?",
    "Where do I file a question about my invoice?",
    "Hello! Can I return a terrific lamp?",
    "I'm not angry, only curious",
    "Can I get an XL in BLUE?",
    "OK",
    "Is the NVIDIA RTX 4090 in stock?",
    "发货要多久？",
    "你好！想问一下怎么开发票？",
    "我不是要投诉，只是问一下",
    "投诉建议的邮箱是什么",
    "我没生气",
    "这是第二个订单",
    "",
]


@pytest.mark.parametrize("text", UPSET)
def test_upset(text: str) -> None:
    assert mood_of(text, upset_from=4) is Mood.UPSET, intensity(text)


@pytest.mark.parametrize("text", ANNOYED)
def test_annoyed(text: str) -> None:
    assert mood_of(text, upset_from=4) is Mood.ANNOYED, intensity(text)


@pytest.mark.parametrize("text", CALM)
def test_calm(text: str) -> None:
    assert mood_of(text, upset_from=4) is Mood.CALM, intensity(text)


def test_more_of_it_is_worse_and_there_is_an_end_to_it() -> None:
    once, twice = intensity("terrible"), intensity("terrible and horrible!!!")
    assert 0 < once < twice < HIGHEST
    assert intensity("worst scam, fuck, useless, terrible, shit, furious!!! " * 40) == HIGHEST


def test_a_lexicon_hit_is_a_word_not_a_part_of_one() -> None:
    assert intensity("Scunthorpe, hateful? no: whatever, classic Shitake") <= 0


@pytest.mark.parametrize("text", ["!" * 100_000, "a " * 50_000, "第三" * 50_000, "A!" * 50_000])
def test_no_text_takes_long(text: str) -> None:
    begun = time.perf_counter()
    intensity(text)
    assert time.perf_counter() - begun < 0.2
