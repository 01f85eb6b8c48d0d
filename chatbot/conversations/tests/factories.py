"""Readable examples of valid rows; what must go through a service is made by the service."""

from datetime import timedelta
from typing import Any

import factory
from django.utils import timezone

from chatbot.conversations.models import Conversation, Customer, Message
from chatbot.conversations.states import State
from chatplatform.kernel.ids import hash_token, secret_token


class CustomerFactory(factory.django.DjangoModelFactory[Customer]):  # type: ignore[misc]  # untyped
    """Needs `tenant=`."""

    class Meta:
        model = Customer

    name = factory.Sequence(lambda n: f"Customer {n}")
    token_hash = factory.LazyFunction(lambda: hash_token(secret_token()))


class ConversationFactory(factory.django.DjangoModelFactory[Conversation]):  # type: ignore[misc]  # untyped
    """Needs `tenant=`; `waiting=True` puts it at the end of the queue."""

    class Meta:
        model = Conversation

    class Params:
        waiting = factory.Trait(
            state=State.QUEUED,
            queued_at=factory.Sequence(lambda n: timezone.now() + timedelta(milliseconds=n)),
        )

    customer = factory.SubFactory(CustomerFactory, tenant=factory.SelfAttribute("..tenant"))


class MessageFactory(factory.django.DjangoModelFactory[Message]):  # type: ignore[misc]  # untyped
    """Needs `conversation=`."""

    class Meta:
        model = Message

    tenant = factory.SelfAttribute("conversation.tenant")
    author_kind = "customer"
    text = factory.Sequence(lambda n: f"Message {n}")


def conversation_in(state: State, *, tenant: Any, agent: Any) -> Conversation:
    """A conversation in that state, as its row would be."""
    now = timezone.now()
    made: Conversation = ConversationFactory.create(
        tenant=tenant,
        state=state,
        agent=agent if state == State.ACTIVE else None,
        queued_at=now if state == State.QUEUED else None,
        resolved_at=now if state == State.RESOLVED else None,
    )
    return made
