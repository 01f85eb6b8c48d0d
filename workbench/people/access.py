"""The only doors for names from outside: a person, a department, a position, a role."""

from collections.abc import Iterable
from typing import TypeVar

from django.utils.translation import gettext_lazy as _

from chatplatform.accounts.models import User
from chatplatform.accounts.organisation.doors import company_of
from chatplatform.kernel.errors import InvalidInput, NotFound
from chatplatform.kernel.input_errors import field_error
from chatplatform.roles.limits import roles_of_tenant
from chatplatform.roles.models import Role
from chatplatform.tenants.models import Department, Position
from workbench.people.selectors import people

Row = TypeVar("Row")


class UnknownPerson(NotFound):
    code = "unknown_person"
    title = _("There is no such person.")


def access_person(*, by: User, username: str) -> User:
    """The person of that user name, if `by` may see her; UnknownPerson otherwise."""
    found = None if "\0" in username else people(by).filter(username=username).first()
    if found is None:
        raise UnknownPerson
    return found


def department_for(by: User, code: str) -> Department:
    """The department of that code that `by` may see, to put somebody into; InvalidInput."""
    seen = Department.objects.visible_to(by)
    found: Department | None = None if "\0" in code else seen.filter(code=code).first()
    return _known(found, "department")


def position_for(by: User, code: str) -> Position:
    """Her company's position of that code; InvalidInput otherwise."""
    seen = Position.objects.visible_to(by)
    found: Position | None = None if "\0" in code else seen.filter(code=code).first()
    return _known(found, "position")


def roles_for(by: User, keys: Iterable[int]) -> list[Role]:
    """The roles of those keys that her company's people may have; InvalidInput if one is none."""
    wanted = set(keys)
    found = list(roles_of_tenant(company_of(by)).filter(pk__in=wanted))
    return _known(found if len(found) == len(wanted) else None, "roles")


def _known(found: Row | None, field: str) -> Row:
    if found is None:
        raise InvalidInput(errors=[field_error(field, "not_a_choice")])
    return found
