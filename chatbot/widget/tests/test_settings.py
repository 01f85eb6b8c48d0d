"""The chat window as a tenant wants it."""

import json
import re
from typing import Any

import pytest
from django.test import Client

from chatbot.conversations.runtime_settings import ConversationSettings
from chatbot.knowledge.tests.factories import write
from chatbot.widget.runtime_settings import WidgetSettings
from chatplatform.configuration.testing import configured
from chatplatform.tenants.models import Tenant

pytestmark = [pytest.mark.django_db, pytest.mark.urls("chatplatform.urls.chatbot")]


def page(client: Client, language: str = "en") -> tuple[str, dict[str, Any]]:
    answer = client.get("/widget/shop/", {"lang": language})
    found = re.search(r'<script id="widget-config"[^>]*>(.*?)</script>', answer.text)
    assert found
    return answer.text, json.loads(found[1])


def test_a_tenant_chooses_name_colour_and_what_is_said_first(
    client: Client, tenant: Tenant
) -> None:
    chosen = {
        "heading": "Ask Morrow",
        "color": "#2f5d4e",
        "greeting": {"en": "Good day!", "zh-hans": "您好！"},
        "introduction": {"zh-hans": "请问有什么可以帮您？"},
    }
    with configured(WidgetSettings, tenant, **chosen):
        text, told = page(client)
        _, chinese = page(client, "zh-hans")
    assert "Ask Morrow</h1>" in text
    assert (told["shop"], told["color"]) == ("Ask Morrow", "#2f5d4e")
    assert told["strings"]["welcome_title"] == "Good day!"
    assert told["strings"]["welcome_text"].startswith("Ask the assistant")
    assert chinese["strings"]["welcome_title"] == "您好！"
    assert chinese["strings"]["welcome_text"] == "请问有什么可以帮您？"


def test_the_window_is_told_what_to_offer(client: Client, tenant: Tenant) -> None:
    text, told = page(client)
    assert (told["shows_sources"], told["offers_person"], told["limit"]) == (True, True, 10_000)
    assert "data-unasked" not in text
    with (
        configured(WidgetSettings, tenant, shows_sources=False, offers_person=False),
        configured(ConversationSettings, tenant, longest_message=500),
    ):
        text, told = page(client)
    assert (told["shows_sources"], told["offers_person"], told["limit"]) == (False, False, 500)
    assert "data-unasked" in text


def test_questions_to_begin_with_are_examples_articles_or_none(
    client: Client, tenant: Tenant
) -> None:
    write(tenant, "Tea care")
    asked = {}
    for choice in ("examples", "articles", "none"):
        with configured(WidgetSettings, tenant, starters=choice):
            asked[choice] = page(client)[1]["strings"]["starters"]
    assert asked["examples"][0] == "When will my order arrive?"
    assert asked["articles"] == ["Tea care"]
    assert asked["none"] == []


@pytest.mark.parametrize("color", ["red", "#12", "#12345g", "#2f5d4e; x", "#2f5d4e\n"])
def test_only_a_colour_is_a_colour(color: str) -> None:
    with pytest.raises(ValueError, match="pattern"):
        WidgetSettings(color=color)
