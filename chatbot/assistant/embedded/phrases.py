"""What is understood without knowledge: hello, thanks, goodbye, the wish for a person. Pure."""

import re
import unicodedata
from enum import Enum

from chatbot.assistant.embedded.wishes import wishes_person

# Longer messages are questions, whatever polite words they hold.
_LONGEST_SMALL_TALK = 60
_LONGEST_WISH = 400


class Phrase(Enum):
    GREETING = "greeting"
    THANKS = "thanks"
    GOODBYE = "goodbye"
    PERSON = "person"


# The first phrase that a message names wins: "thanks, bye" is thanks.
_MARKS = {
    Phrase.THANKS: r"""
        thanks|thank\ you|thx|ty|cheers|okay|ok|great|perfect|got\ it|that\ helps|that\ helped
        |谢谢|多谢|感谢|谢了|辛苦了?|好的|知道了|明白了?|懂了|没事了|没有了|嗯嗯?|收到
    """,
    Phrase.GOODBYE: r"bye(?:\ bye)?|goodbye|see\ you|good\ night|再见|拜拜|回见|下次见|晚安",
    Phrase.GREETING: r"""
        hiya|hi|hello|hey|howdy|greetings|good\ (?:morning|afternoon|evening|day)|are\ you\ there
        |(?:is\ )?any(?:one|body)\ (?:there|here)
        |你们?好|您好|嗨|哈[喽啰]|早上好|上午好|中午好|下午好|晚上好|早安?|在[吗么嘛]|有人[吗么在]+
    """,
}
_FILLERS = r"""
    so|very|much|a\ lot|again|all|everyone|there|then|now|really|nice|for\ (?:the|your)\ help|and
    |dear|bot|team|sir|madam|wow|cool|that's|that|is|you|later
    |你们?|您|啊|呀|哦|噢|吧|啦|了|哈|的|呢|亲|行|非常|十分|太|很|大家|客服|机器人|小助手
"""
# Atomic, so that "嗯嗯嗯..." is read once and not in every way it could be parted.
_SMALL_TALK = re.compile(rf"(?>(?>{'|'.join(_MARKS.values())}|{_FILLERS})\s*)++", re.VERBOSE)
_NAMED = {phrase: re.compile(marks, re.VERBOSE) for phrase, marks in _MARKS.items()}


def recognise(text: str) -> Phrase | None:
    """The phrase a message consists of, or the wish for a person that it expresses."""
    said = plain(text)
    if len(said) <= _LONGEST_WISH and wishes_person(said):
        return Phrase.PERSON
    if len(said) <= _LONGEST_SMALL_TALK and _SMALL_TALK.fullmatch(re.sub(r"[.?!]", "", said)):
        return next((phrase for phrase, marks in _NAMED.items() if marks.search(said)), None)
    return None


def plain(text: str) -> str:
    """Lower case, one space between words, none in Chinese, no punctuation but ' . ? ! inside."""
    lower = unicodedata.normalize("NFKC", text[: _LONGEST_WISH * 2]).lower().replace("’", "'")
    spoken = re.sub(r"[^\w\s'.?!]", " ", lower)
    spoken = re.sub(r"(?<=[\u4e00-\u9fff])[\s.?!]+|[\s.?!]+(?=[\u4e00-\u9fff])", "", spoken)
    return re.sub(r"\s+", " ", spoken).strip(" .?!'")
