import pytest
from django.test import Client
from pytest_django import Settings

from chatplatform.audit.actors import SYSTEM
from chatplatform.kernel.scoping import tenant_scope
from chatplatform.protection.headers import content_policy
from chatplatform.tenants import services
from chatplatform.tenants.models import Tenant

pytestmark = pytest.mark.django_db

CSP = "Content-Security-Policy"


def policy(header: str) -> dict[str, str]:
    directives = (directive.partition(" ") for directive in header.split("; "))
    return {name: value for name, _, value in directives}


@pytest.mark.parametrize("path", ["/accounts/login/", "/nowhere", "/api/v1/sessions", "/healthz"])
def test_every_answer_forbids_what_our_pages_do_not_do(client: Client, path: str) -> None:
    answer = client.get(path)
    assert policy(answer[CSP]) == {
        "default-src": "'self'",
        "object-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }
    assert "camera=()" in answer["Permissions-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("path", ["/admin/", "/admin/login/", "/api/docs/"])
def test_where_the_policy_is_relaxed_no_inline_script_runs_all_the_same(
    client: Client, path: str
) -> None:
    relaxed = policy(client.get(path)[CSP])
    assert "'unsafe-inline'" not in relaxed.get("script-src", relaxed["default-src"])
    assert relaxed["frame-ancestors"] == "'none'"


@pytest.mark.urls("chatplatform.urls.chatbot")
def test_the_chat_is_framed_by_the_sites_of_its_tenant_only(client: Client, tenant: Tenant) -> None:
    anywhere = client.get(f"/widget/{tenant.slug}/")
    assert "frame-ancestors" not in policy(anywhere[CSP])
    with tenant_scope(tenant):
        services.allow_origin(tenant=tenant, origin="https://shop.example", actor=SYSTEM)
    chosen = client.get(f"/widget/{tenant.slug}/")
    assert policy(chosen[CSP])["frame-ancestors"] == "'self' https://shop.example"
    assert "X-Frame-Options" not in chosen


def test_browsers_insist_on_https_once_they_came_by_it(client: Client, settings: Settings) -> None:
    settings.SECURE_HSTS_SECONDS = 3600
    plain = client.get("/healthz")
    assert "Strict-Transport-Security" not in plain
    secure = client.get("/healthz", headers={"x-forwarded-proto": "https"})
    assert secure["Strict-Transport-Security"] == "max-age=3600"


def test_a_directive_can_be_changed_and_taken_away() -> None:
    changed = policy(content_policy({"form-action": "'self' https://id.example", "base-uri": None}))
    assert changed["form-action"] == "'self' https://id.example"
    assert "base-uri" not in changed
