"""On what right a stream that was opened with a key stays open."""

from django.db.models import F

from chatplatform.accounts.api_keys.models import ApiKey
from chatplatform.accounts.models import User, may_sign_in
from realtime.streams import Grant

KIND = "api_key"


def key_grant(key: ApiKey) -> Grant:
    """The right of this key, as its tenant's rights are now."""
    return Grant(KIND, key.prefix, key.tenant.access_version)


def still_hold(grants: set[Grant]) -> set[Grant]:
    """Those whose key is neither revoked nor expired, whose owner may sign in, and whose tenant's
    rights nobody touched since. One query for all of them."""
    keys = ApiKey._base_manager.filter(
        ApiKey.open_now(),
        prefix__in={grant.key for grant in grants},
        owner__in=User.objects.filter(may_sign_in()),
        owner__tenant=F("tenant"),
    )
    versions = dict(keys.values_list("prefix", "tenant__access_version"))
    return {grant for grant in grants if versions.get(grant.key) == grant.version}
