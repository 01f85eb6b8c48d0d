"""Whether a text says that something was done for the customer: paid, cancelled, changed. Pure.

Only what was allowed and has run was done (chatbot/tools); no model makes it so by saying so.
"""

import re

_DONE = r"(?:refunded|reimbursed|credited|transferred|wired|paid|cancell?ed|compensated)"
_MONEY = r"(?:refund|reimbursement|compensation|money|payment|transfer|amount|credit)"
_ENGLISH_I = re.compile(
    rf"""
    \b(?:i|we)(?:'ve|\ have)?\ (?:(?:now|just|already|also|successfully|immediately|fully)\ ){{0,3}}
        (?:{_DONE}|(?:issued|processed|initiated|made|sent|approved|arranged|completed)
            \ (?:(?:you|the|your|a|an|full)\ ){{0,3}}{_MONEY}
        |(?:changed|updated)\ (?:the|your)\ (?:delivery\ |shipping\ )?(?:address|order))\b
    """,
    re.VERBOSE,
)
_ENGLISH_IT = re.compile(
    rf"""
    \b(?:the|your|this|that|a\ full)\ (?:[\w¥$€£.-]+\ ){{0,3}}?{_MONEY}
        \ (?:of\ \S+\ )?(?:has|have|was)\ (?:now\ |just\ |already\ |been\ |successfully\ ){{0,4}}
        (?:{_DONE}|issued|processed|completed|approved)\b
    |\byou(?:'ve|\ have)\ (?:now\ |just\ |already\ )?been\ (?:refunded|reimbursed|credited|paid)\b
    """,
    re.VERBOSE,
)
_DEED = r"(?:退款|退钱|退货款|打款|转账|汇款|付款|支付|赔付|赔偿|取消|补偿)"
_CHINESE_I = re.compile(
    rf"""
    (?:我们?(?:已经?|刚刚?)|(?:已经?|刚刚?)(?:成功)?(?:为|帮|给|替|向)(?:您|你))
        [^，。！？；\n]{{0,16}}?{_DEED}(?!申请|政策|规则|流程)
    |(?:已经?|刚刚?)(?:成功)?(?:为|帮|给|替)(?:您|你)(?:把|将)?[^，。！？；\n]{{0,8}}?(?:修改|更改|更新)
    """,
    re.VERBOSE,
)
_CHINESE_IT = re.compile(
    r"(?:退款|款项|转账|赔款)[^，。！？；\n]{0,8}?(?:已经?|刚刚?)(?:全额|全部|原路|成功){0,2}"
    r"(?:退款|退回|办理|完成|发放|到账|转出|打款|处理|支付|取消|批准)"
)
# "Once your refund has been issued, it takes three days" tells how it goes.
_ONLY_IF = re.compile(
    r"\b(?:if|once|when|whenever|after|until|unless|as\ soon\ as|whether|before|not|never|can't)\b"
    r"|如果|若|一旦|假如|当|是否|还没|尚未|没有|不能|无法|后|吗"
)
_SENTENCES = re.compile(r"(?<=[.!?;])\s+|(?<=[。！？；])|\n+")


def claims_deed(text: str, *, has_read: bool = False) -> bool:
    """Whether a sentence says that it was done; `has_read`: a tool may have said that it was, so
    only what the speaker says to have done counts."""
    said = re.sub(r"[ \t]+", " ", text.lower().replace("’", "'"))
    patterns = [_ENGLISH_I, _CHINESE_I] if has_read else _ALL
    return any(_claims(sentence, patterns) for sentence in _SENTENCES.split(said))


_ALL = [_ENGLISH_I, _CHINESE_I, _ENGLISH_IT, _CHINESE_IT]


def _claims(sentence: str, patterns: list[re.Pattern[str]]) -> bool:
    found = next((match for each in patterns if (match := each.search(sentence))), None)
    # What comes after the claim can't take it back, but for "后": "退款完成后".
    return found is not None and not _ONLY_IF.search(sentence[: found.end() + 1])
