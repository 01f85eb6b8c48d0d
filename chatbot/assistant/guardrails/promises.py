"""Whether a text tells the customer that a person is being fetched. Pure.

Used for what a model writes and, once more, before anything is said: a promise without a transfer
is never made.
"""

import re

LONGEST = 4_000  # characters that are looked at

_PERSON = r"""(?:
    (?:a|an|the|our|your|one\ of\ our|some)\ (?:[a-z-]+\ ){0,2}
        (?:human|person|agents?|colleagues?|representatives?|specialists?|advis[eo]rs?|operator
        |supervisor|manager|expert|team|staff|support|someone)
    |someone|somebody|customer\ (?:service|support)|human\ support|an?\ human
)"""
_DOING = r"(?:transferr?|connect|hand|pass|put|forward|escalat|redirect|switch)"
_ENGLISH = re.compile(
    rf"""
    # I'll transfer you to ..., I am connecting you with ..., let me hand this over to ...
    \b(?:i(?:'ll|'m|'ve|\ will|\ am|\ have|\ can\ now)|let\ me|we(?:'ll|'re|\ will|\ are)|going\ to)
        \ (?:now\ |just\ |gladly\ |already\ |going\ to\ |immediately\ |happily\ )*
        {_DOING}(?:e|ed|es|ing|ring|red|ting)?
        \ (?:(?:you|this|your\ \w+|the\ \w+|it)\ )?(?:over\ |through\ |on\ )?(?:to|with)\ {_PERSON}
    # transferring you now, connecting you to an agent
    |\b(?:transferring|connecting|forwarding|redirecting|handing)\ (?:you|this|your\ \w+)
        (?:\ (?:over|through|on))?(?:\ (?:now|to|with)\b|[.!…]|$)
    # you are being transferred, you will be connected
    |\byou(?:'re|'ll|\ are|\ will)\ (?:now\ )?(?:be(?:ing)?\ )?
        (?:transferred|connected|put\ through)\ (?:now|to|with|shortly)
    # a colleague will take over, an agent will be with you, someone will contact you shortly
    |\b{_PERSON}\ (?:will|is\ going\ to|'ll)\ (?:now\ |soon\ |shortly\ |gladly\ )?
        (?:take\ over|be\ with\ you|join\ (?:you|us|this)|assist\ you\ (?:shortly|soon|now)
        |help\ you\ (?:shortly|soon|now)|jump\ in)
    # I've asked a colleague to ..., I have notified our team
    |\bi(?:'ve|\ have)\ (?:just\ )?(?:asked|called|notified|informed|alerted)\ {_PERSON}
    """,
    re.VERBOSE,
)
_HUMAN = r"(?:真人|人工客服|人工坐席|人工|客服人员|客服专员|专员|坐席|同事|工作人员|专人|客服)"
_CHINESE = re.compile(
    rf"""
    (?:我|这就|现在|马上|立刻|立即|稍后|正在|已经?|即将|将|会|帮您|帮你|为您|为你|给您|给你|替您|把您){{1,4}}
        (?:转接?|转到|转至|接通|接入|连接|联系|安排|呼叫|通知|转交)(?:给|到|至|了|好)?(?:一?[位名个]|我们的|相关)?{_HUMAN}
    |(?:正在|马上|这就|立即|已|即将)(?:为您|帮您|给您|为你|帮你)(?:转接|转人工|接通)
    |(?:为您|帮您|给您|为你|帮你)转接(?:中|，|。|！|$)
    |{_HUMAN}(?:会|将|马上|稍后|很快|尽快|立即|正在)+(?:会|为您|为你|与您|和您|跟您|来)*
        (?:接手|接管|接待|接入|联系|跟进|服务|处理|解答|回复)
    """,
    re.VERBOSE,
)
# An offer and a condition are no promise: "would you like me to ...", "I can ...", "if you ...".
_ONLY_OFFERED = re.compile(
    r"""
    \b(?:if|whether|would\ you\ like|do\ you\ want|shall\ i|should\ i|can't|cannot|can\ not|won't
        |unable\ to|not\ able\ to|once|until|unless|when|could)\b
    |如果|若|是否|要不要|需要(?:我|为您|帮您|给您)|需不需要|可以(?:为您|帮您|给您)?转|不能|无法|没法|没有办法|吗
    """,
    re.VERBOSE,
)
_SENTENCES = re.compile(r"(?<=[.!?;])\s+|(?<=[。！？；])|\n+")


def promises_transfer(text: str) -> bool:
    """Whether a sentence says that a person is coming; offering one is no promise."""
    said = re.sub(r"[ \t]+", " ", text[:LONGEST].lower().replace("’", "'"))
    return any(_promises(sentence) for sentence in _SENTENCES.split(said))


def _promises(sentence: str) -> bool:
    found = _ENGLISH.search(sentence) or _CHINESE.search(sentence)
    if found is None:
        return False
    # What comes after the promise can't take it back: "I'll connect you to an agent, is that OK?"
    return not _ONLY_OFFERED.search(sentence[: found.end()]) and not sentence.rstrip().endswith(
        "吗？"
    )
