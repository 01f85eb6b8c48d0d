"""Words that mean the same in a shop. A line is a group; an index may look for one by another."""

from functools import cache

from chatbot.knowledge.words import words

_GROUPS = """
parcel package shipment
shipping ship delivery deliver dispatch
postage shipping
refund reimburse reimbursement
coupon voucher promo
invoice receipt bill
broken damaged faulty defective cracked crushed
password credentials
delete erase close remove
phone mobile telephone
warranty guarantee guaranteed
exchange swap
abroad overseas international internationally
member membership vip
hacked stolen
price cost fee charge
complain complaint
cancel undo
repair fix
website webpage site
address street
size fit
colour color
wrap wrapping
unsubscribe newsletter
pickup collect
item product article goods
shop store
instalments installments
邮费 运费 快递费
退钱 退款 返款
优惠券 优惠码 折扣码 代金券
发票 开票 报销
坏了 碎了 破了 裂了 瑕疵 破损
密码 口令
注销 销户 销号
账号 账户 帐号
保修 质保
维修 修理 送修
物流 快递
包邮 免运费
海外 国外 国际
投诉 举报
会员 vip
尺码 尺寸 大小
降价 便宜
礼物 礼品
"""


@cache
def synonyms() -> dict[frozenset[str], frozenset[str]]:
    """From the words of a term, all of which must be asked, to those that may stand for them."""
    found: dict[frozenset[str], frozenset[str]] = {}
    for line in _GROUPS.strip().splitlines():
        terms = [frozenset(words(term)) for term in line.split()]
        everything = frozenset().union(*terms)
        for term in terms:
            found[term] = found.get(term, frozenset()) | (everything - term)
    return found
