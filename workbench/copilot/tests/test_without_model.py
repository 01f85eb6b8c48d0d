"""What the copilot does where no language model is connected: a reply from the knowledge."""

import pytest

from chatbot.knowledge.tests.factories import write
from chatplatform.accounts.models import User
from chatplatform.tenants.models import Tenant
from workbench.copilot.tests.conftest import Ear
from workbench.desk.tests.conftest import Opener, Signed, says

pytestmark = pytest.mark.django_db(transaction=True)

QUESTION = "How long does delivery take?"


def ask(desk: Signed, session: str, task: str = "suggest", **more: str) -> str:
    answer = desk.call(f"/sessions/{session}/copilot", {"task": task, **more})
    assert answer.status_code == 202, answer.content
    request: str = answer.json()["request"]
    return request


def test_a_reply_is_what_the_knowledge_says_with_its_source(
    in_tenant: Tenant, at_bens: Signed, served: Opener, ear: Ear
) -> None:
    write(in_tenant, QUESTION, "Two to four days.")
    conversation = served(at_bens.user, text=QUESTION)
    says(conversation, "Hello?")
    answer = ear.answer(ask(at_bens, conversation.name))
    assert (answer["text"], answer["origin"], answer["error"]) == (
        "Two to four days.",
        "knowledge",
        None,
    )
    (source,) = answer["sources"]
    assert source["title"] == QUESTION
    assert source["url"].endswith("/help/shop/how-long-does-delivery-take")


def test_only_her_own_channel_hears_of_it(
    in_tenant: Tenant, at_bens: Signed, served: Opener, ear: Ear
) -> None:
    write(in_tenant, QUESTION, "Two to four days.")
    ear.answer(ask(at_bens, served(at_bens.user, text=QUESTION).name))
    told = [channels for type, channels, _ in ear.frames if type.startswith("copilot_")]
    assert told == [(f"sse:agent:{at_bens.user.pk}",)]


def test_the_language_of_the_question_counts(
    in_tenant: Tenant, at_bens: Signed, served: Opener, ear: Ear
) -> None:
    write(in_tenant, QUESTION, "Two to four days.")
    write(in_tenant, "快递多久能到？", "两到四天。", language="zh-hans")
    conversation = served(at_bens.user, text="快递多久能到")
    assert ear.answer(ask(at_bens, conversation.name))["text"] == "两到四天。"


def test_where_nothing_is_known_that_is_said_in_her_language(
    ben: User, at_bens: Signed, served: Opener, ear: Ear
) -> None:
    conversation = served(ben, text="Do you sell moon dust?")
    answer = ear.answer(ask(at_bens, conversation.name))
    assert (answer["text"], answer["origin"], answer["sources"]) == ("", "", [])
    assert answer["error"]["code"] == "nothing_known"
    assert answer["error"]["detail"]


@pytest.mark.parametrize("task", ["summarise", "translate", "improve"])
def test_the_other_tasks_are_refused_with_the_reason(
    at_bens: Signed, served: Opener, task: str
) -> None:
    session = served(at_bens.user).name
    answer = at_bens.call(f"/sessions/{session}/copilot", {"task": task, "text": "helo"})
    assert (answer.status_code, answer.json()["code"]) == (503, "no_model_connected")


def test_what_can_be_done_is_listed(at_bens: Signed) -> None:
    answer = at_bens.get("/api/v1/copilot").json()
    assert [(each["task"], each["origin"]) for each in answer["tasks"]] == [
        ("suggest", "knowledge"),
        ("summarise", None),
        ("translate", None),
        ("improve", None),
    ]
    assert {each["code"] for each in answer["tasks"]} == {"", "no_model_connected"}
    assert answer["patience"] == 35
