"""Who speaks and acts in a conversation."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from chatbot.conversations.models import AuthorKind, Customer
from chatplatform.accounts.models import User
from chatplatform.audit.actors import Actor

_SOURCES = {
    AuthorKind.CUSTOMER: "ai_chatbot",
    AuthorKind.AI: "ai_chatbot",
    AuthorKind.AGENT: "agent_workbench",
    AuthorKind.SYSTEM: "system",
}


@dataclass(frozen=True)
class Author:
    """One voice: `name` is what the others read, `id` the customer's or user's key as text.

    `user` is set for agents only. Made by the functions below, never by hand.
    """

    kind: AuthorKind
    name: str | Promise = ""
    user: User | None = None
    id: str = ""

    @property
    def source(self) -> str:
        """The `source` of the events this author causes."""
        return _SOURCES[self.kind]

    @property
    def actor(self) -> Actor:
        """The same one in the words of the audit, which has its own for who has no name."""
        return Actor(self.kind.value, self.id, self.name if isinstance(self.name, str) else "")


def customer(customer: Customer) -> Author:
    return Author(AuthorKind.CUSTOMER, customer.name, id=str(customer.pk))


def ai() -> Author:
    return Author(AuthorKind.AI, _("AI assistant"))


def agent(user: User) -> Author:
    return Author(AuthorKind.AGENT, user.public_name, user=user, id=str(user.pk))


def system() -> Author:
    return Author(AuthorKind.SYSTEM)
