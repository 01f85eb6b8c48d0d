"""The demo shop's goods: Morrow (朝暮), a small shop for slow mornings and long evenings."""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Product(NamedTuple):
    """`art` names a drawing in static/shop; `price` is in yuan."""

    art: str
    name: str | Promise
    note: str | Promise
    price: int


PRODUCTS = [
    Product("kettle", _("Heron kettle"), _("Brushed steel, a spout that pours slowly"), 268),
    Product("cup", _("Tide cup"), _("Stoneware, glazed by hand in two blues"), 78),
    Product("tea", _("Mist oolong"), _("High-mountain tea, spring harvest, 100 g"), 128),
    Product("lamp", _("Ember lamp"), _("Paper and oak, a light for late reading"), 420),
    Product("shirt", _("Linen house shirt"), _("Washed soft, cut with room to breathe"), 329),
    Product("bowl", _("Pebble bowls"), _("Ash wood, a set of three, oiled"), 186),
]

# What a visitor may try; the knowledge base of the demo answers all of it.
QUESTIONS = [
    _("How long does delivery take?"),
    _("What if my cup arrives broken?"),
    _("How do I get an invoice for my company?"),
    _("Do you ship to Canada?"),
    _("I want to talk to a person."),
]

# What a visitor may have done: the demo's tools look the order up, ask her or a colleague first.
DEEDS = [
    _("Where is my order 10001?"),
    _("Send order 10002 to another address"),
    _("I want my money back for order 10003"),
]
