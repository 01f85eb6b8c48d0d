"""Whether one may manage another: the one rule that page, API and services go by."""

from django.utils.translation import gettext_lazy as _

from chatplatform.accounts.models import User
from chatplatform.kernel.errors import PermissionRefused
from chatplatform.roles.limits import outranks


class OwnAccount(PermissionRefused):
    code = "own_account"
    title = _("Nobody manages her own account: a colleague does.")


class AboveOneself(PermissionRefused):
    code = "above_oneself"
    title = _("This person may do more than you: you can't manage her account.")


def check_manages(by: User, person: User) -> None:
    """PermissionRefused without the right, OwnAccount, or AboveOneself.

    Whoever could change what she may not do herself would gain it by acting as the other.
    """
    if not by.has_perm("accounts.change_user"):
        raise PermissionRefused(_("Your account may look at people, not change them."))
    if by.pk == person.pk:
        raise OwnAccount
    if outranks(person, by):
        raise AboveOneself


def refusal_to_manage(by: User, person: User) -> PermissionRefused | None:
    """Why she may not, or None."""
    try:
        check_manages(by, person)
    except PermissionRefused as refusal:
        return refusal
    return None
