from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RolesConfig(AppConfig):
    name = "chatplatform.roles"
    verbose_name = _("Roles")

    def ready(self) -> None:
        from chatplatform.kernel import visibility
        from chatplatform.roles import changes, policy

        visibility.decide_by(policy.rows_seen)
        changes.listen()
