"""A conversation may be closed for a reason, one of the dictionary's."""

import pytest

from chatbot.conversations import authors, services
from chatbot.conversations.models import Conversation, Message
from chatbot.conversations.services import OpenedSession
from chatbot.conversations.states import State
from chatplatform.accounts.models import User
from chatplatform.audit.models import AuditEntry
from chatplatform.dictionaries.models import DictionaryItem
from chatplatform.dictionaries.selectors import dictionary
from chatplatform.dictionaries.services import copy_for_tenant, save_dictionary
from chatplatform.kernel.errors import InvalidInput
from chatplatform.kernel.scoping import all_tenants
from chatplatform.tenants.models import Tenant
from realtime.testing import published
from tests.cast import person

pytestmark = pytest.mark.usefixtures("in_tenant")


def close(ana: OpenedSession, reason: str) -> Conversation:
    customer = authors.customer(ana.customer)
    return services.close_conversation(conversation=ana.conversation, actor=customer, reason=reason)


def test_the_reason_is_kept_told_and_recorded(ana: OpenedSession) -> None:
    close(ana, "solved")
    ana.conversation.refresh_from_db()
    assert (ana.conversation.state, ana.conversation.close_reason) == (State.RESOLVED, "solved")
    change = next(event for event in published("shop") if event.type == "status_change")
    assert (change.payload["reason"], change.payload["close_reason"]) == ("close", "solved")
    notice = Message.objects.get(code="closed")
    assert notice.data == {"reason": "solved", "labels": {"zh-hans": "已解决", "en": "Solved"}}
    assert AuditEntry.objects.get(action="conversation.close").data["reason"] == "solved"


def test_closing_needs_no_reason(ana: OpenedSession) -> None:
    assert close(ana, "").close_reason == ""
    assert Message.objects.get(code="closed").data == {}


@pytest.mark.parametrize("reason", ["nonsense", "Solved", "solved ", "x" * 60])
def test_a_reason_that_is_none_changes_nothing(ana: OpenedSession, reason: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        close(ana, reason)
    assert [(f["field"], f["code"]) for f in refused.value.extra["errors"]] == [
        ("reason", "not_a_choice")
    ]
    ana.conversation.refresh_from_db()
    assert ana.conversation.state == State.AI_ACTIVE


def test_one_that_is_switched_off_is_told_of_old_ones_only(ana: OpenedSession) -> None:
    close(ana, "solved")
    with all_tenants():
        DictionaryItem.objects.filter(value="solved").update(enabled=False)
    ana.conversation.refresh_from_db()
    assert ana.conversation.close_reason == "solved"
    again = services.open_session(tenant=ana.conversation.tenant, name="Ana")
    with pytest.raises(InvalidInput):
        close(again, "solved")


def test_a_tenant_with_reasons_of_its_own_closes_for_those(
    ana: OpenedSession, tenant: Tenant
) -> None:
    ada = person(tenant, "ada", role="administrator")
    own = copy_for_tenant(dictionary=dictionary(None, "close_reason"), tenant=tenant, by=ada)
    bought = DictionaryItem(value="bought", label_zh_hans="已下单", label_en="Bought")
    save_dictionary(dictionary=own, by=ada, items=[bought])
    assert close(ana, "bought").close_reason == "bought"


def test_reopening_forgets_the_reason(ana: OpenedSession, ben: User) -> None:
    close(ana, "solved")
    services.post_message(
        conversation=ana.conversation, author=authors.customer(ana.customer), text="Once more"
    )
    ana.conversation.refresh_from_db()
    assert (ana.conversation.state, ana.conversation.close_reason) == (State.AI_ACTIVE, "")
