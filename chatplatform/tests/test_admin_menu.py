"""The administration's menu: every page in one group, no group that is empty for its reader."""

import re

import pytest
from django.contrib import admin
from django.test import Client

from chatplatform.accounts.models import User
from chatplatform.admin_menu import GROUPS
from chatplatform.roles.tests.factories import give, role

pytestmark = [pytest.mark.urls("chatplatform.urls.workbench"), pytest.mark.django_db]

OPENED = re.compile(r"<details[^>]*\bopen\b[^>]*>\s*<summary[^>]*>\s*([^<]+?)\s*</summary>")
GROUP = re.compile(r"<summary[^>]*>\s*([^<]+?)\s*</summary>")


def page(user: User, *codenames: str, path: str = "/admin/") -> str:
    give(user, role(user.tenant, codenames))
    User.objects.filter(pk=user.pk).update(is_staff=True)
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(user)
    return client.get(path).content.decode()


def test_each_page_of_the_administration_stands_in_one_group_exactly() -> None:
    sorted_here = [label for labels in GROUPS.values() for label in labels]
    registered = [model._meta.label for model in admin.site._registry]
    assert sorted(sorted_here) == sorted(registered)


def test_a_reader_sees_only_groups_that_hold_something_for_her(bea: User) -> None:
    said = page(bea, "view_article", "view_toolcall")
    assert GROUP.findall(said) == ["Knowledge", "Tools"]
    assert "/admin/knowledge/article/" in said
    assert "/admin/tools/tool/" not in said


def test_the_group_of_the_page_one_reads_is_open(bea: User) -> None:
    said = page(bea, "view_article", "view_toolcall", path="/admin/tools/toolcall/")
    assert OPENED.findall(said) == ["Tools"]


def test_what_nobody_sorted_stands_under_other(bea: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chatplatform.admin_menu.GROUPS", {"Knowledge": ("knowledge.Article",)})
    said = page(bea, "view_article", "view_toolcall")
    assert GROUP.findall(said) == ["Knowledge", "Other"]
    assert "/admin/tools/toolcall/" in said
