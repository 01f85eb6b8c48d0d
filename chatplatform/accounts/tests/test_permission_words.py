"""Whoever chooses permissions reads what they let one do, in the own language."""

import re

import pytest
from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils.translation import override

from chatplatform.accounts import permission_words
from chatplatform.accounts.models import User

pytestmark = [pytest.mark.urls("chatplatform.urls.workbench"), pytest.mark.django_db]

CHINESE = re.compile("[\u4e00-\u9fff]")
OURS = ("conversations", "knowledge", "audit", "accounts", "api_keys", "roles", "tenants")


def words(codename: str) -> tuple[str, str]:
    found = Permission.objects.select_related("content_type").get(codename=codename)
    return permission_words.subject(found), permission_words.verb(found)


def test_a_permission_is_named_in_the_reader_s_language() -> None:
    with override("en"):
        assert words("view_article") == ("Knowledge · Articles", "See")
        assert words("serve_conversation") == ("Conversations", "Can serve customers")
    with override("zh-hans"):
        assert words("view_article") == ("知识库 · 文章", "查看")
        assert words("serve_conversation") == ("会话", "接待客户")
        assert words("export_auditentry")[1] == "导出操作记录"


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_no_permission_of_ours_is_left_in_another_language(language: str) -> None:
    with override(language):
        for permission in Permission.objects.filter(content_type__app_label__in=OURS):
            said = permission_words.subject(permission) + permission_words.verb(permission)
            assert bool(CHINESE.search(said)) == (language == "zh-hans"), said


def test_their_names_are_stored_untranslated_whatever_language_is_spoken_then() -> None:
    Permission.objects.filter(codename="serve_conversation").delete()
    with override("zh-hans"):
        create_permissions(apps.get_app_config("conversations"), verbosity=0)
    assert Permission.objects.get(codename="serve_conversation").name == "Can serve customers"


@pytest.fixture
def chinese(ada: User) -> Client:
    client = Client(HTTP_ACCEPT_LANGUAGE="zh-hans")
    client.force_login(ada)
    return client


def test_a_key_s_maker_and_reader_see_scopes_in_words(chinese: Client, ada: User) -> None:
    page = chinese.get("/admin/api_keys/apikey/add/").content.decode()
    assert "接待客户" in page
    assert "Can " not in page
    form = {"name": "Export", "owner": ada.pk, "scopes": ["conversations.view_conversation"]}
    made = chinese.post("/admin/api_keys/apikey/add/", {**form, "addresses": ""})
    key = made.context["key"]
    page = chinese.get(f"/admin/api_keys/apikey/{key.pk}/change/").content.decode()
    assert "会话: 查看" in page
