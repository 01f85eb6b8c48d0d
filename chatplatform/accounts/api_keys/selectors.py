from django.db.models import QuerySet

from chatplatform.accounts.api_keys.models import ApiKey
from chatplatform.accounts.models import User
from chatplatform.kernel.errors import NotFound


def keys_of(user: User) -> QuerySet[ApiKey]:
    """The user's own keys, and with the permission those of whom she sees; newest first."""
    keys: QuerySet[ApiKey] = ApiKey.objects.filter(owner=user)
    if user.has_perm("api_keys.view_apikey"):
        keys = keys | ApiKey.objects.visible_to(user)
    return keys.select_related("owner")


def key_to_revoke(user: User, prefix: str) -> ApiKey:
    """A key that this user may revoke: her own, or with the permission one she sees. NotFound."""
    keys: QuerySet[ApiKey] = ApiKey.objects.filter(owner=user)
    if user.has_perm("api_keys.delete_apikey"):
        keys = keys | ApiKey.objects.visible_to(user)
    key = keys.filter(prefix=prefix).select_related("owner", "tenant").first()
    if key is None:
        raise NotFound
    return key
