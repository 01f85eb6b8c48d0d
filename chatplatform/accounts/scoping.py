from contextlib import AbstractContextManager, nullcontext

from chatplatform.accounts.models import User
from chatplatform.kernel.scoping import all_tenants, tenant_scope


def user_scope(user: User) -> AbstractContextManager[None]:
    """What this user's queries see: her tenant; every tenant for an operator of the installation.

    Someone with neither gets no scope: every query of a tenant's rows fails.
    """
    if user.tenant is not None:
        return tenant_scope(user.tenant)
    return all_tenants() if user.is_superuser else nullcontext()
