"""What the API of people reads and answers."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from chatbot.conversations.wire import DepartmentOut, Shape, department_out
from chatplatform.kernel.http import FilledText, Input, Text
from chatplatform.roles.models import Scope
from workbench.people.selectors import Person

StatusName = Literal["available", "away", "offline", "off"]
AvailabilityName = Literal["available", "away"]
Code = Annotated[Text, Field(min_length=1, max_length=32)]
RoleKey = Annotated[int, Field(ge=1, lt=2**63)]
RoleKeys = Annotated[list[RoleKey], Field(max_length=50)]


class PeopleQuery(BaseModel):
    """Which people; `department` is a code, or "none"."""

    model_config = ConfigDict(extra="ignore", frozen=True)  # `limit` and `cursor` are the pages'

    search: Annotated[Text, Field(max_length=80)] = ""
    department: Annotated[Text, Field(max_length=32)] = ""
    status: StatusName | None = None


class PersonChanges(Input):
    """What is not given stays; `department` and `position` may be null for none.

    `roles`: exactly these of the roles that the caller may give; what is beyond her stays.
    """

    department: Code | None = None
    position: Code | None = None
    roles: RoleKeys = []
    active: bool = True


class InviteBody(Input):
    """Somebody new; `department` and `position` are codes."""

    username: Annotated[FilledText, Field(max_length=150)]
    display_name: Annotated[Text, Field(max_length=80)] = ""
    department: Code | None = None
    position: Code | None = None
    roles: RoleKeys = []


class AvailabilityBody(Input):
    availability: AvailabilityName


class AvailabilityOut(Shape):
    availability: AvailabilityName


class PositionOut(Shape):
    code: str
    name: str


class RoleOut(Shape):
    """`scope` is how far it reaches; one that is not `enabled` gives nothing."""

    id: int
    name: str
    scope: Scope
    enabled: bool


class PersonOut(Shape):
    """A person. `status` is `off` when the account is switched off, `offline` while no stream of
    hers is open, else what she says of herself (`availability`); `open_conversations` are those
    that she serves."""

    username: str
    display_name: str
    department: DepartmentOut | None
    position: PositionOut | None
    roles: list[RoleOut]
    active: bool
    status: StatusName
    availability: AvailabilityName
    last_seen_at: datetime | None
    open_conversations: int


class PeopleOut(Shape):
    """One page of people; `next` and `previous` are addresses, None at the ends."""

    results: list[PersonOut]
    next: str | None
    previous: str | None


class InvitedOut(PersonOut):
    """`password` opens the account; it is never shown again."""

    password: str


class SignedOutOut(Shape):
    """How many sessions ended."""

    sessions: int


def person_out(person: Person) -> PersonOut:
    user = person.user
    position = user.position
    return PersonOut(
        username=user.username,
        display_name=user.public_name,
        department=department_out(user.department),
        position=PositionOut(code=position.code, name=position.name) if position else None,
        roles=[
            RoleOut(id=role.pk, name=role.name, scope=Scope(role.scope), enabled=role.enabled)
            for role in person.roles
        ],
        active=user.is_active,
        status=person.status.value,
        availability=person.availability.value,
        last_seen_at=person.seen_at,
        open_conversations=person.serves,
    )
