"""The lists that the platform itself uses, as they are in the beginning."""

from typing import NamedTuple

from chatplatform.dictionaries.models import DictionaryItem, DictionaryType
from chatplatform.kernel.scoping import all_tenants

CLOSE_REASON, CONTACT_REASON, TAG = "close_reason", "contact_reason", "tag"


class Seed(NamedTuple):
    value: str
    chinese: str
    english: str
    color: str


_NAMES = {
    CLOSE_REASON: ("关闭原因", "Reasons for closing"),
    CONTACT_REASON: ("咨询原因", "Reasons for contact"),
    TAG: ("标签", "Tags"),
}
_ITEMS = {
    CLOSE_REASON: (
        Seed("solved", "已解决", "Solved", "#14705f"),
        Seed("no_answer", "客户未再回复", "Customer stopped answering", "#6b7280"),
        Seed("moved", "转到其他渠道处理", "Continued elsewhere", "#3d4f8f"),
        Seed("duplicate", "重复会话", "Duplicate", "#6b7280"),
        Seed("other", "其他", "Other", "#6b7280"),
    ),
    CONTACT_REASON: (
        Seed("order", "订单与物流", "Order and delivery", "#3d4f8f"),
        Seed("refund", "退换货与退款", "Returns and refunds", "#b45309"),
        Seed("invoice", "发票与付款", "Invoice and payment", "#14705f"),
        Seed("product", "产品咨询", "Product", "#6d28d9"),
        Seed("complaint", "投诉", "Complaint", "#c8321f"),
        Seed("other", "其他", "Other", "#6b7280"),
    ),
    TAG: (
        Seed("important", "重要", "Important", "#c8321f"),
        Seed("follow_up", "待跟进", "Follow up", "#b45309"),
        Seed("feedback", "反馈", "Feedback", "#3d4f8f"),
    ),
}


def seed_system_dictionaries(**_: object) -> None:
    """Make the lists that are not there yet; what an operator changed stays."""
    with all_tenants():
        for code, (chinese, english) in _NAMES.items():
            made, created = DictionaryType.objects.get_or_create(
                tenant=None,
                code=code,
                defaults={"name_zh_hans": chinese, "name_en": english, "system": True},
            )
            if created:
                _fill(made, _ITEMS[code])


def _fill(made: DictionaryType, seeds: tuple[Seed, ...]) -> None:
    DictionaryItem.objects.bulk_create(
        DictionaryItem(
            type=made,
            value=seed.value,
            label_zh_hans=seed.chinese,
            label_en=seed.english,
            color=seed.color,
            sort=10 * place,
        )
        for place, seed in enumerate(seeds, 1)
    )
