"""What streams tell of people, to whoever may see them (`desk/streams.py` draws the line)."""

from collections.abc import Collection
from typing import ClassVar, Literal

from chatplatform.accounts.models import User
from realtime import channels, publish
from realtime.events import Event


class AvailabilityChange(Event):
    """Somebody takes work, or does not just now; `user` is her user name."""

    type: ClassVar[str] = "availability_change"

    user: str
    name: str
    availability: Literal["available", "away"]


class PersonChange(Event):
    """Somebody's place, roles or account have changed, or she is new: fetch her again."""

    type: ClassVar[str] = "person_change"

    user: str


def person_channel(user: User) -> str:
    """`sse:person:{id}`: what happens to one person; listened to as `sse:person:*` for all."""
    return channels.checked(f"sse:person:{user.pk}")


def audience(user: User) -> list[str]:
    """The channels of what happens to a person: her own, and those that a role may be limited to.

    After a change of place it goes to those of before as well.
    """
    heard = [
        person_channel(user),
        channels.agent(user.pk),
        channels.department(user.department_id),
    ]
    if user.language:
        heard.append(channels.language(user.language))
    if user.position_id is not None:
        heard.append(channels.checked(f"sse:position:{user.position_id}"))
    return heard


def tell_of_change(user: User, *, before: Collection[str] = ()) -> None:
    """Last in the change's transaction: tell her audience, and the one she had `before`."""
    if user.tenant is not None:  # nobody listens to what happens to operators
        publish.event(
            PersonChange(user=user.username),
            to=[*audience(user), *before],
            source="agent_workbench",
            log=user.tenant.slug,
        )
