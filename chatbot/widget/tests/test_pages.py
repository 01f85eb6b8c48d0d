import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client, override_settings
from django.utils import timezone

from chatplatform.tenants.models import Tenant

pytestmark = [pytest.mark.django_db, pytest.mark.urls("chatplatform.urls.chatbot")]

ROOT = Path(__file__).parents[1]


@pytest.fixture
def demo() -> Tenant:
    tenant, _ = Tenant.objects.get_or_create(slug="demo", defaults={"name": "Morrow"})
    return tenant


def config(page: str) -> dict[str, object]:
    found = re.search(r'<script id="widget-config"[^>]*>(.*?)</script>', page)
    assert found
    answer: dict[str, object] = json.loads(found[1])
    return answer


@pytest.mark.parametrize(
    ("asked", "accepted", "spoken"),
    [
        ("zh-hans", "en", "zh-hans"),
        ("zh-CN", "en", "zh-hans"),
        ("zh", "en", "zh-hans"),
        ("en-GB", "zh-CN", "en"),
        ("", "zh-CN,zh;q=0.9", "zh-hans"),
        ("tlh", "en", "en"),
        ("../../etc", "en", "en"),
    ],
)
def test_the_chat_speaks_the_asked_language_else_the_browsers(
    client: Client, demo: Tenant, asked: str, accepted: str, spoken: str
) -> None:
    answer = client.get("/widget/demo/", {"lang": asked}, headers={"accept-language": accepted})
    assert answer.status_code == 200
    assert answer["Content-Language"] == spoken
    assert f'<html lang="{spoken}">' in answer.text
    assert config(answer.text)["language"] == spoken


def test_the_chat_is_told_its_tenant_limit_and_every_notice(client: Client, demo: Tenant) -> None:
    told = config(client.get("/widget/demo/").text)
    assert told["tenant"] == "demo"
    assert told["shop"] == demo.name
    assert told["limit"] == 10_000
    strings = told["strings"]
    assert isinstance(strings, dict)
    assert {"agent_joined", "closed", "wait_timed_out"} <= set(strings["notices"])


def test_any_site_may_frame_the_chat_but_not_the_shop(client: Client, demo: Tenant) -> None:
    assert "X-Frame-Options" not in client.get("/widget/demo/")
    assert client.get("/")["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_an_unknown_tenant_gets_a_page_that_says_so(client: Client, language: str) -> None:
    answer = client.get("/widget/nobody/", {"lang": language})
    assert answer.status_code == 404
    assert f'<html lang="{language}">' in answer.text
    assert "widget-config" not in answer.text


def test_a_suspended_tenant_has_no_chat(client: Client, demo: Tenant) -> None:
    demo.status = Tenant.Status.SUSPENDED
    demo.save()
    assert client.get("/widget/demo/").status_code == 404


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_an_expired_tenants_chat_says_it_is_closed(
    client: Client, demo: Tenant, language: str
) -> None:
    demo.expires_at = timezone.now()
    demo.save()
    page = client.get("/widget/demo/", {"lang": language})
    assert page.status_code == 403
    assert f'<html lang="{language}">' in page.text
    assert "widget-config" not in page.text
    assert "X-Frame-Options" not in page  # the shop's page shows it


def test_a_tenants_name_cannot_break_out_of_the_page(client: Client, demo: Tenant) -> None:
    demo.name = "</script><script>alert(1)</script>"
    demo.save()
    page = client.get("/widget/demo/").text
    assert "<script>alert" not in page
    assert config(page)["shop"] == demo.name


def test_the_loader_is_one_cacheable_script_with_labels_in_every_language(client: Client) -> None:
    answer = client.get("/widget.js")
    assert answer["Content-Type"] == "text/javascript; charset=utf-8"
    assert "max-age=300" in answer["Cache-Control"]
    assert "Cookie" not in answer.get("Vary", "")
    labels = json.loads(answer.text[answer.text.rindex(")({") + 2 : answer.text.rindex(")")])
    assert set(labels) == {code for code, _ in settings.LANGUAGES}
    assert all(labels[code]["open"] for code in labels)


def test_the_shop_embeds_the_chat_as_a_customer_would(client: Client) -> None:
    page = client.get("/", headers={"host": "localhost", "accept-language": "zh-CN"}).text
    assert '<script src="http://localhost/widget.js" data-tenant="demo" data-lang="zh-hans"' in page
    assert settings.WORKBENCH_URL in page


@pytest.mark.parametrize("debug", [True, False])
def test_the_shop_shows_demo_logins_only_while_debugging(client: Client, debug: bool) -> None:
    with override_settings(DEBUG=debug):
        page = client.get("/").text
    assert ("demo-pass-1234" in page) is debug


def test_the_shop_keeps_the_language_its_visitor_chose(client: Client) -> None:
    client.post("/i18n/setlang/", {"language": "zh-hans", "next": "/"})
    assert '<html lang="zh-hans">' in client.get("/").text


@pytest.mark.parametrize("path", ["/", "/widget/demo/", "/widget/nobody/", "/widget.js"])
def test_pages_are_only_read(client: Client, demo: Tenant, path: str) -> None:
    assert client.post(path).status_code == 405


@pytest.mark.parametrize("path", ["/", "/widget/demo/", "/widget/nobody/"])
def test_no_page_carries_code_or_styles_of_its_own(client: Client, demo: Tenant, path: str) -> None:
    page = client.get(path).text
    scripts = re.findall(r"<script(?![^>]*application/json)[^>]*>(.*?)</script>", page, re.DOTALL)
    assert not any(script.strip() for script in scripts)
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", page)


@pytest.mark.parametrize("path", ["/", "/widget/demo/", "/widget/nobody/"])
def test_everything_a_page_needs_is_here(client: Client, demo: Tenant, path: str) -> None:
    page = client.get(path).text
    files = re.findall(r'(?:src|href)="/static/([^"]+)"', page)
    assert files
    assert [name for name in files if not finders.find(name)] == []


def test_every_sentence_the_modules_ask_for_exists(client: Client, demo: Tenant) -> None:
    strings = config(client.get("/widget/demo/").text)["strings"]
    assert isinstance(strings, dict)
    sources = (path.read_text() for path in (ROOT / "static" / "widget").glob("*.js"))
    asked = {key for source in sources for key in re.findall(r'\bt\("(\w+)"', source)}
    assert asked
    assert asked <= set(strings)
