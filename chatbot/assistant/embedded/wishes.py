"""The wish to talk to a person, as customers put it in English and Chinese. Pure.

`text` is plain (phrases.plain): lower case, no punctuation but ' . ? ! inside.
"""

import re

_ARTICLE = r"(?:(?:a|an|the|any|some|your)\ )?"
# Enough after "talk to"; too little after "I need": "do I need a person to sign for it?"
_SOMEBODY = r"""(?:
    human|humans|human\ being|person|people|agent|representative|rep|operator|advis[eo]r|someone
    |somebody|employee|manager|supervisor|colleague|staff|support|customer\ service|team
)"""
_HUMAN = r"""(?:
    human|human\ being|(?:real|live|actual|human)\ (?:person|people|agent|human)|agent
    |(?:support|live|human)\ agent|representative|operator|support\ staff|staff\ member
)"""
_ENGLISH = re.compile(
    rf"""
    \b(?:talk|speak|chat)(?:ing)?\ (?:to|with)\ {_ARTICLE}(?:\w+\ )?{_SOMEBODY}\b
    |\b(?:connect|transfer|put|pass|hand|switch|escalate)(?:\ me|\ this)?(?:\ through|\ over)?
        \ (?:to|with)\ {_ARTICLE}(?:\w+\ )?{_SOMEBODY}\b
    |\b(?:get|give|want|need|fetch|prefer)(?:\ me)?\ {_ARTICLE}{_HUMAN}\b
    |\bis\ there\ {_ARTICLE}{_HUMAN}\b
    |^(?:{_HUMAN}|person|customer\ service|customer\ support)(?:\ please)?$
    """,
    re.VERBOSE,
)
_ENGLISH_NOT = re.compile(
    r"""
    \b(?:don'?t|do\ not|no\ need|rather\ not|never|without)\b[^.!?]{0,30}
        \b(?:talk|speak|chat|connect|transfer|human|agent|person)
    |^(?:when|what\ time|what\ hours)\b
    """,
    re.VERBOSE,
)

_CHINESE_HUMAN = r"(?:真人客服|人工客服|真人|活人|人工|客服|坐席|专员|工作人员)"
_CHINESE_ASKING = r"""(?:
    请|麻烦|帮我|给我|我|想要?|要|能不能|可以|能|快|直接|有没有|转接?|接|换|找|叫|联系|一下|一?个|你们的?
)"""
_CHINESE_DOING = r"(?:服务|接待|处理|聊聊?|说话|吧|吗|么|呢|啊|谢谢|好吗|可以吗|行吗|一下|在吗)"
# Possessive: else "想要想要想要..." could be read in more ways than there is time for.
_CHINESE = re.compile(
    rf"""
    (?:转接?|转到|接通?|换成?|找|叫|呼叫|联系)(?:一下|一?个|到|你们的?)?(?:真人|活人|人工)
    |(?:和|跟|与)(?:一?个|你们的?)?{_CHINESE_HUMAN}(?:聊|说|谈|讲|沟通|对话|交流)
    |^{_CHINESE_ASKING}*+{_CHINESE_HUMAN}++{_CHINESE_DOING}*+$
    """,
    re.VERBOSE,
)
# Not wanting one, and asking about them: hours, telephone, manners.
_CHINESE_NOT = re.compile(
    r"""
    (?:不用|不要|别|不需要|不想|无需|不必)再?(?:帮我|给我)?(?:转|找|接|换|叫|联系|人工|真人)
    |几点|什么时候|时间|电话|多久|上班|下班|邮箱|态度
    """,
    re.VERBOSE,
)


def wishes_person(text: str) -> bool:
    """Whether the customer asks for a person, rather than about one."""
    english = _ENGLISH.search(text) is not None and not _ENGLISH_NOT.search(text)
    chinese = _CHINESE.search(text) is not None and not _CHINESE_NOT.search(text)
    return english or chinese
