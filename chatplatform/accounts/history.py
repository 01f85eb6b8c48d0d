"""What happens to accounts, in the words of history; read by audit when it starts."""

from django.utils.translation import gettext_lazy as _

from chatplatform.audit.words import Target, register

register(
    actions={
        "user.create": _("Account made"),
        "user.change": _("Account changed"),
        "user.set_roles": _("Roles changed"),
        "user.availability": _("Availability chosen"),
        "user.password_change": _("Password changed"),
        "user.sign_out": _("Signed out of a session"),
        "user.second_factor_add": _("Second factor added"),
        "user.second_factor_remove": _("Second factor removed"),
        "user.second_factor_renew": _("Recovery codes renewed"),
        "sso.create": _("Single sign-on set up"),
        "sso.change": _("Single sign-on changed"),
    },
    targets={
        "user": Target(_("Account"), "accounts.User", "username"),
        "sso": Target(_("Single sign-on"), "accounts.SsoConnection", "domain"),
    },
)
