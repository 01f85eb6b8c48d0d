"""Who calls with a key. One query; every refusal looks the same from outside."""

from hmac import compare_digest

from chatplatform.accounts.api_keys import usage
from chatplatform.accounts.api_keys.addresses import is_allowed
from chatplatform.accounts.api_keys.models import ApiKey
from chatplatform.accounts.api_keys.tokens import read_token
from chatplatform.accounts.models import User


def user_of_key(credential: str, address: str) -> tuple[User, ApiKey] | None:
    """The key's owner narrowed to its scopes, and the key; None unless it is good from there."""
    token = read_token(credential)
    if token is None:
        return None
    keys = ApiKey._base_manager.select_related("owner__tenant", "tenant")
    key = keys.filter(prefix=token.prefix).first()
    if key is None or not compare_digest(key.secret_hash, token.secret_hash):
        return None
    if not key.is_open or not is_allowed(address, key.addresses):
        return None
    owner = key.owner
    if not owner.may_sign_in or owner.tenant_id != key.tenant_id:
        return None
    owner.narrowed_to = frozenset(key.scopes)
    usage.note(key)
    return owner, key
