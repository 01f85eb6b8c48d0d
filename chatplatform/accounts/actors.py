from chatplatform.accounts.models import User
from chatplatform.audit.actors import Actor


def actor_of(user: User) -> Actor:
    """A user as history names her."""
    return Actor("user", str(user.pk), user.username)
