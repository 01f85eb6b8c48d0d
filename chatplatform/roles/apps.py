from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RolesConfig(AppConfig):
    name = "chatplatform.roles"
    verbose_name = _("Roles")

    def ready(self) -> None:
        from chatplatform.accounts.callers import acting
        from chatplatform.kernel import visibility
        from chatplatform.roles import changes, limits, policy

        visibility.decide_by(policy.rows_seen)
        acting.decide_by(limits.may_act_as)
        changes.listen()
