import json
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import patch_cache_control
from django.views.decorators.cache import cache_control
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from chatbot.conversations.runtime_settings import ConversationSettings
from chatbot.knowledge.selectors import starter_topics
from chatbot.widget.runtime_settings import WidgetSettings
from chatbot.widget.shop import DEEDS, PRODUCTS, QUESTIONS
from chatbot.widget.strings import LOADER, STARTERS, interface_strings
from chatplatform.configuration.selectors import current
from chatplatform.kernel.scoping import tenant_scope
from chatplatform.protection.headers import content_policy
from chatplatform.tenants.models import Tenant
from chatplatform.tenants.selectors import (
    TenantClosed,
    UnknownTenant,
    active_tenant,
    allowed_origins,
)

LOADER_SOURCE = Path(__file__).parent / "static" / "widget" / "loader.js"
DEMO_TENANT = "demo"


@require_safe
def loader(request: HttpRequest) -> HttpResponse:
    """The script a customer's site embeds: the loader, called with its labels in every language."""
    source = LOADER_SOURCE.read_text(encoding="utf-8").strip().rstrip(";")
    response = HttpResponse(
        f"({source})({_loader_labels()});\n", content_type="text/javascript; charset=utf-8"
    )
    patch_cache_control(response, public=True, max_age=300)
    return response


@cache
def _loader_labels() -> str:
    labels = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            labels[language] = {key: str(text) for key, text in LOADER.items()}
    return json.dumps(labels)


@require_safe
@cache_control(no_cache=True)
@xframe_options_exempt
def widget(request: HttpRequest, tenant: str) -> HttpResponse:
    """The page inside the iframe, in the language of `?lang=` or the browser's."""
    with translation.override(_language(request)):
        try:
            found = active_tenant(tenant)
        except UnknownTenant:
            return render(request, "chatbot/widget_missing.html", status=404)
        except TenantClosed:
            return render(request, "chatbot/widget_closed.html", status=403)
        context = {
            "config": (config := _config(found)),
            "heading": config["shop"],
            "languages": settings.LANGUAGES,
        }
        response = render(request, "chatbot/widget.html", context)
        response["Content-Language"] = translation.get_language() or ""
        response["Content-Security-Policy"] = _framed_by(allowed_origins(found))
        return response


def _framed_by(origins: list[str]) -> str:
    """The policy of a page that these sites may frame, and we; without any, every site."""
    frame = " ".join(["'self'", *origins]) if origins else None
    return content_policy({"frame-ancestors": frame})


def _config(tenant: Tenant) -> dict[str, Any]:
    """What the page's modules need to know, as the tenant chose it."""
    chosen = current(WidgetSettings, tenant)
    language = translation.get_language() or settings.LANGUAGE_CODE
    return {
        "tenant": tenant.slug,
        "shop": chosen.heading or tenant.name,
        "color": chosen.color,
        "language": language,
        "limit": current(ConversationSettings, tenant).longest_message,
        "offers_person": chosen.offers_person,
        "shows_sources": chosen.shows_sources,
        "strings": interface_strings(chosen, _starters(tenant, chosen.starters, language)),
    }


def _starters(tenant: Tenant, choice: str, language: str) -> list[str]:
    if choice == "articles":
        with tenant_scope(tenant):
            return starter_topics(tenant, language=language)
    return [str(question) for question in STARTERS] if choice == "examples" else []


def _language(request: HttpRequest) -> str:
    asked = request.GET.get("lang", "")
    try:
        return translation.get_supported_language_variant(asked)
    except LookupError:
        return translation.get_language() or settings.LANGUAGE_CODE


@require_safe
@cache_control(no_cache=True)
def shop(request: HttpRequest) -> HttpResponse:
    """A small shop that embeds the widget exactly as a customer's site does."""
    context = {
        "tenant": DEMO_TENANT,
        "products": PRODUCTS,
        "questions": QUESTIONS,
        "deeds": DEEDS,
        "origin": request.build_absolute_uri("/").rstrip("/"),
        "workbench_url": settings.WORKBENCH_URL,
        "shows_logins": settings.DEBUG,
    }
    return render(request, "chatbot/shop.html", context)
