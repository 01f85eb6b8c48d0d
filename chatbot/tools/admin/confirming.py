"""A page that asks before something is changed: what a link opens changes nothing."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django_stubs_ext import StrOrPromise

from chatplatform.kernel.admin import shown_json


def asked(
    admin: Any,
    request: HttpRequest,
    row: Any,
    *,
    verb: StrOrPromise,
    explained: StrOrPromise,
    shown: object = None,
) -> HttpResponse:
    """`verb` is what the button says; `shown` is JSON to look at before."""
    context = {
        **admin.admin_site.each_context(request),
        "title": f"{verb}: {row}",
        "opts": admin.opts,
        "verb": verb,
        "explained": explained,
        "shown": shown_json(shown) if shown else "",
        "back": reverse(f"admin:tools_{admin.opts.model_name}_change", args=[row.pk]),
    }
    return TemplateResponse(request, "tools/confirm.html", context)
