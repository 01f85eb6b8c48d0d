"""The departments that customers can be handed to."""

from django.utils.translation import gettext as _

from chatplatform.kernel.errors import InvalidInput
from chatplatform.tenants.models import Department


def department_called(code: str) -> Department | None:
    """The active department of that code in the open scope; None for "".

    InvalidInput for any other code.
    """
    if not code:
        return None
    found: Department | None = Department.objects.filter(code=code, active=True).first()
    if found is None:
        message = _("There is no such department.")
        fault = {"field": "department", "code": "unknown_department", "message": message}
        raise InvalidInput(errors=[fault])
    return found
