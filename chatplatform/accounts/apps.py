from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "chatplatform.accounts"
    verbose_name = _("People")

    def ready(self) -> None:
        from django.conf import settings

        from chatplatform.accounts.callers import grants
        from chatplatform.accounts.organisation import places
        from chatplatform.accounts.presence import sightings
        from chatplatform.accounts.signing_in import login_log, passwords, second_factor
        from chatplatform.accounts.signing_in.factor_secrets import FactorSecrets
        from chatplatform.kernel import background
        from chatplatform.protection.rotation import rotate_also
        from chatplatform.tenants import quotas
        from chatplatform.tenants.metrics import Metric
        from realtime.streams import holding

        holding(grants.KIND, grants.still_hold)
        background.register("accounts.sightings", sightings.write, every=sightings.EVERY)
        second_factor.watch()
        passwords.count_as_typed()
        rotate_also(FactorSecrets)
        quotas.counted_by(Metric.SEATS, places.taken_seats)
        if settings.AUDIT_RETENTION:
            keep = settings.AUDIT_RETENTION
            background.register("trim_login_log", lambda: login_log.trim(keep=keep), every=3600)
