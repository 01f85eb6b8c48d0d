"""The demo shop's orders, and tools to ask for one, to send it elsewhere and to refund it."""

from decimal import Decimal
from typing import Annotated

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext, gettext_noop, override
from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, Field

from chatbot.tools import services
from chatbot.tools.calling.caller import Caller
from chatbot.tools.calling.outcomes import ToolFailed
from chatbot.tools.choices import Kind, Risk
from chatbot.tools.models import DemoOrder, ToolServer
from chatbot.tools.registry import BuiltIn, register
from chatplatform.kernel.scoping import tenant_scope
from chatplatform.tenants.models import Tenant

# Anybody may try all but the last, which is for whoever gave that e-mail address.
ORDERS = (
    ("10001", "", _("Heron kettle"), "on its way", "12 Garden Road, Hangzhou", "268.00"),
    ("10002", "", _("Mist oolong"), "being packed", "8 Mill Lane, Suzhou", "128.00"),
    ("10003", "", _("Pebble bowls"), "delivered", "12 Garden Road, Hangzhou", "186.00"),
    ("10004", "ana@example.com", _("Ember lamp"), "on its way", "5 Hill Street, Wuxi", "420.00"),
)
NUMBER = r"^1\d{4}$"

OrderNumber = Annotated[
    str,
    Field(
        title=gettext_noop("order number"), description="Five digits, e.g. 10001", pattern=NUMBER
    ),
]


class OrderArguments(BaseModel):
    order_number: OrderNumber


class AddressArguments(OrderArguments):
    address: str = Field(title=gettext_noop("new address"), min_length=8, max_length=200)


class Order(BaseModel):
    number: str
    item: str
    state: str
    total: str


class Moved(BaseModel):
    number: str
    address: str


class Refunded(BaseModel):
    number: str
    amount: str


def order_status(caller: Caller, asked: OrderArguments) -> Order:
    order = _order(caller, asked.order_number)
    state = str(_STATES.get(order.state, order.state))
    item = gettext(order.item)  # the shop's goods are in the catalogue
    return Order(number=order.number, item=item, state=state, total=f"¥{order.total}")


@transaction.atomic
def change_delivery_address(caller: Caller, asked: AddressArguments) -> Moved:
    order = _order(caller, asked.order_number)
    open_ones = DemoOrder.objects.filter(pk=order.pk).exclude(state="delivered")
    if not open_ones.update(address=asked.address):
        raise ToolFailed("this order was delivered already")
    return Moved(number=order.number, address=asked.address)


@transaction.atomic
def refund_order(caller: Caller, asked: OrderArguments) -> Refunded:
    """The key is kept with it: the same call again finds it done, another one finds it taken."""
    order = _order(caller, asked.order_number)
    DemoOrder.objects.filter(pk=order.pk, refunded_by="").update(refunded_by=caller.key)
    order.refresh_from_db()
    if order.refunded_by != caller.key:
        raise ToolFailed("this order was refunded already")
    return Refunded(number=order.number, amount=f"¥{order.total}")


def _order(caller: Caller, number: str) -> DemoOrder:
    """One of her own or one that is anybody's; another's is as unknown as none."""
    email = caller.conversation.customer.email
    own = Q(email="") | Q(email__iexact=email)
    order: DemoOrder | None = DemoOrder.objects.filter(own, number=number).first()
    if order is None:
        raise ToolFailed("there is no such order of this customer")
    return order


@transaction.atomic
def seed_demo_tools(tenant: Tenant) -> None:
    """The orders that the tenant lacks, and on the first time their tools, ready to use."""
    with tenant_scope(tenant), override("en"):
        for number, email, item, state, address, total in ORDERS:
            values = {"email": email, "item": str(item), "state": state, "address": address}
            DemoOrder.objects.get_or_create(
                tenant=tenant, number=number, defaults={**values, "total": Decimal(total)}
            )
        if ToolServer.objects.filter(tenant=tenant, kind=Kind.BUILTIN).exists():
            return
        server = ToolServer(tenant=tenant, kind=Kind.BUILTIN, name="Shop")
        for tool in services.sync_server(server=services.save_server(server=server)):
            tool.enabled = True
            services.save_tool(tool=tool)


def has_orders(tenant: Tenant) -> bool:
    return bool(DemoOrder.objects.filter(tenant=tenant).exists())


def register_tools() -> None:
    for tool in TOOLS:
        register(tool)


_STATES = {
    "on its way": _("on its way"),
    "being packed": _("being packed"),
    "delivered": _("delivered"),
}

TOOLS = (
    BuiltIn(
        name="order_status",
        title=_("Order status"),
        description="Where an order is: its item, state and total. Needs the order's number.",
        arguments=OrderArguments,
        answer=Order,
        run=order_status,
        says=_("Order {number} ({item}, {total}): {state}."),
        asks={"order_number": _("What is the number of your order? It has five digits.")},
        wordings=(
            "Where is my order?",
            "What is the status of order 10001?",
            "Track my order",
            "Has my order been shipped?",
            "我的订单到哪了？",
            "查询订单状态",
            "订单 10001 什么时候到？",
            "查一下我的订单",
        ),
        offered_to=has_orders,
    ),
    BuiltIn(
        name="change_delivery_address",
        title=_("Change the delivery address"),
        description="Sends an order that is not delivered yet to another address.",
        arguments=AddressArguments,
        answer=Moved,
        run=change_delivery_address,
        risk=Risk.WRITE,
        says=_("Order {number} goes to: {address}"),
        asks={
            "order_number": _("Which order is it? Its number has five digits."),
            "address": _("What is the new address?"),
        },
        wordings=(
            "Change the delivery address of my order",
            "Send order 10001 to another address",
            "修改订单的收货地址",
            "订单 10001 换个地址",
        ),
        offered_to=has_orders,
    ),
    BuiltIn(
        name="refund_order",
        title=_("Refund an order"),
        description="Gives the whole amount of an order back. A colleague approves it first.",
        arguments=OrderArguments,
        answer=Refunded,
        run=refund_order,
        risk=Risk.MONEY,
        says=_("{amount} for order {number} is on its way back to you."),
        asks={"order_number": _("Which order is it? Its number has five digits.")},
        wordings=(
            "Refund my order",
            "I want my money back for order 10003",
            "订单 10003 退款",
            "给我的订单退款",
        ),
        offered_to=has_orders,
    ),
)
