from django.contrib import admin

from chatplatform.accounts.signing_in.login_log import LoginLog
from chatplatform.kernel.admin import ModelAdmin, ReadOnly, TenantListed, VisibleRows


@admin.register(LoginLog)
class LoginLogAdmin(VisibleRows, TenantListed, ReadOnly, ModelAdmin):
    """Who tried to sign in, and from where."""

    list_display = ("at", "username", "ok", "reason", "method", "address", "user_agent")
    list_filter = ("ok", "reason", "method", "at")
    list_select_related = ("tenant",)
    search_fields = ("username", "address", "user_agent")
    date_hierarchy = "at"
    list_per_page = 50
    show_full_result_count = False  # it grows for as long as history is kept
