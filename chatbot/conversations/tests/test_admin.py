import pytest
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from chatbot.conversations import authors, services
from chatbot.conversations.models import Conversation, Customer, Message, Timer
from chatbot.conversations.services import OpenedSession
from chatplatform.accounts.models import User
from chatplatform.tenants.models import Tenant
from tests.cast import person

MODELS = [Customer, Conversation, Message, Timer]


@pytest.fixture
def office(tenant: Tenant) -> Client:
    """The browser of the shop's administrator."""
    boss = person(tenant, "boss", role="administrator")
    User.objects.filter(pk=boss.pk).update(is_staff=True, is_superuser=True)
    client = Client()
    client.force_login(User.objects.get(pk=boss.pk))
    return client


@pytest.fixture
def spoken(in_tenant: Tenant, ana: OpenedSession) -> Message:
    """Ana has said something and waits."""
    customer = authors.customer(ana.customer)
    posted = services.post_message(
        conversation=ana.conversation, author=customer, text="Where is my parcel?"
    )
    services.request_transfer(conversation=posted.message.conversation, actor=customer)
    return posted.message


def address(model: type[Model], page: str, *args: object) -> str:
    return reverse(f"admin:conversations_{model.__name__.lower()}_{page}", args=args)


@pytest.mark.parametrize("model", MODELS)
def test_every_list_can_be_read_and_searched(
    office: Client, spoken: Message, model: type[Model]
) -> None:
    answer = office.get(address(model, "changelist"), {"q": "Ana"})
    assert answer.status_code == 200


@pytest.mark.parametrize("model", [Customer, Conversation, Message])
def test_every_row_can_be_looked_at(office: Client, spoken: Message, model: type[Model]) -> None:
    keys: dict[type[Model], int] = {
        Customer: spoken.conversation.customer_id,
        Conversation: spoken.conversation_id,
        Message: spoken.pk,
    }
    answer = office.get(address(model, "change", keys[model]))
    assert answer.status_code == 200
    assert "Ana" in answer.content.decode()


def test_a_conversation_shows_its_messages_and_its_history(office: Client, spoken: Message) -> None:
    page = office.get(address(Conversation, "change", spoken.conversation_id)).content.decode()
    assert "Where is my parcel?" in page
    assert "A person asked for" in page


@pytest.mark.parametrize("model", [Conversation, Message, Timer])
def test_history_cannot_be_made_changed_or_deleted_by_hand(
    office: Client, spoken: Message, model: type
) -> None:
    keys: dict[type[Model], int] = {
        Conversation: spoken.conversation_id,
        Message: spoken.pk,
        Timer: Timer.objects.get().pk,
    }
    key = keys[model]
    assert office.post(address(model, "add")).status_code == 403
    assert office.post(address(model, "change", key)).status_code == 403
    assert office.post(address(model, "delete", key)).status_code == 403


def test_another_tenants_conversation_is_not_in_the_office(
    office: Client, other_tenant: Tenant
) -> None:
    hidden = services.open_session(tenant=other_tenant, name="Sue").conversation
    listed = office.get(address(Conversation, "changelist")).content.decode()
    opened = office.get(address(Conversation, "change", hidden.pk))
    assert hidden.name not in listed
    assert opened.status_code == 404
