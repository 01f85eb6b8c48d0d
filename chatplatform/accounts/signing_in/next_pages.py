from allauth.account.adapter import get_adapter
from django.http import HttpRequest


def safe_next(request: HttpRequest) -> str:
    """The page of ours that `?next=` asks for; "" for none, and for any that is not ours."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    return asked if asked and get_adapter(request).is_safe_url(asked) else ""
