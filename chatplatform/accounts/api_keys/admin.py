from typing import Any, cast

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from chatplatform.accounts import permission_words
from chatplatform.accounts.api_keys import services
from chatplatform.accounts.api_keys.forms import ApiKeyForm, named
from chatplatform.accounts.api_keys.models import ApiKey
from chatplatform.accounts.models import User
from chatplatform.kernel.admin import ModelAdmin, TenantListed, own_tenant
from chatplatform.kernel.errors import InvalidInput


@admin.register(ApiKey)
class ApiKeyAdmin(TenantListed, ModelAdmin):
    """Keys of the people whom an administrator sees: made here, shown once, revoked here."""

    form = ApiKeyForm
    list_display = ("name", "prefix", "owner", "is_open", "expires_at", "last_used_at")
    list_filter = ("revoked_at", "expires_at")
    list_select_related = ("owner", "tenant")
    search_fields = ("name", "prefix", "owner__username")
    date_hierarchy = "created_at"
    actions = ("revoke",)
    fields = ("name", "owner", "scopes", "addresses", "expires_at")
    _looked_at = ("name", "owner", "permitted", "addresses", "expires_at")
    _shown = ("prefix", "created_at", "last_used_at", "revoked_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[ApiKey]:
        keys: QuerySet[ApiKey] = ApiKey.objects.visible_to(request.user)
        return keys.order_by("-id")

    def get_fields(self, request: HttpRequest, obj: ApiKey | None = None) -> tuple[str, ...]:
        return self.fields if obj is None else (*self._looked_at, *self._shown)

    def get_readonly_fields(
        self, request: HttpRequest, obj: ApiKey | None = None
    ) -> tuple[str, ...]:
        return () if obj is None else (*self._looked_at, *self._shown)

    def get_form(
        self, request: HttpRequest, obj: ApiKey | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        made = super().get_form(request, obj, change, **kwargs)
        made.held = frozenset(cast(User, request.user).get_all_permissions())
        return made

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "owner":
            people = User.objects.visible_to(cast(User, request.user))
            active = people.filter(is_active=True, tenant__isnull=False)
            kwargs.update(queryset=active.order_by("username"), initial=request.user.pk)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def has_change_permission(self, request: HttpRequest, obj: ApiKey | None = None) -> bool:
        return False  # a key that changed would be another one

    def has_delete_permission(self, request: HttpRequest, obj: ApiKey | None = None) -> bool:
        return False  # history names keys: revoke them instead

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("api_keys.delete_apikey")

    def save_model(self, request: HttpRequest, obj: ApiKey, form: Any, change: bool) -> None:
        made = services.create_key(
            by=cast(User, request.user),
            owner=obj.owner,
            name=obj.name,
            scopes=form.cleaned_data["scopes"],
            addresses=form.cleaned_data["addresses"],
            expires_at=obj.expires_at,
        )
        obj.__dict__.update(made.key.__dict__)
        form.made_token = made.token

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """What the service refuses is told above the form, like any other fault."""
        try:
            response: HttpResponse = super().add_view(request, form_url, extra_context)
        except InvalidInput as refusal:
            for fault in refusal.extra["errors"]:
                messages.error(request, fault["message"])
            request.method = "GET"
            response = super().add_view(request, form_url, extra_context)
        return response

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Nothing hangs on a key. The token goes from here to the page that shows it."""
        cast(Any, request).made_token = form.made_token

    def response_add(
        self, request: HttpRequest, obj: ApiKey, post_url_continue: str | None = None
    ) -> HttpResponse:
        """The page that shows the token: at once, for a redirect would have to store it."""
        context = {
            **self.admin_site.each_context(request),
            "title": _("Your new API key"),
            "opts": self.opts,
            "key": obj,
            "token": cast(Any, request).made_token,
        }
        page = TemplateResponse(request, "api_keys/made.html", context)
        page.headers["Cache-Control"] = "no-store"
        return page

    @admin.action(description=_("Revoke the selected keys"), permissions=["revoke"])
    def revoke(self, request: HttpRequest, keys: QuerySet[ApiKey]) -> None:
        chosen = list(keys.select_related("owner", "tenant"))
        for key in chosen:
            services.revoke_key(key=key, by=cast(User, request.user))
        text = ngettext("%(count)s key revoked.", "%(count)s keys revoked.", len(chosen))
        self.message_user(request, text % {"count": len(chosen)})

    @admin.display(description=_("scopes"))
    def permitted(self, key: ApiKey) -> SafeString:
        return permission_words.summary(named(key.scopes))

    @admin.display(description=_("valid"), boolean=True)
    def is_open(self, key: ApiKey) -> bool:
        return key.is_open

    def has_view_permission(self, request: HttpRequest, obj: ApiKey | None = None) -> bool:
        hers = obj is None or own_tenant(request) in (None, obj.tenant)
        return hers and bool(super().has_view_permission(request, obj))
