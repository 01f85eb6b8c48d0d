"""The language models, as the copilot uses them."""

from collections.abc import AsyncGenerator

from chatplatform.tenants.models import Tenant
from workbench.copilot.errors import NoModelConnected
from workbench.copilot.prompts import Prompt

Written = AsyncGenerator[str]


def is_connected(tenant: Tenant) -> bool:
    """Whether a model could be asked for this tenant."""
    return False


async def written(tenant: Tenant, prompt: Prompt) -> Written:
    """The whole text so far, each time there is more of it; it begins anew with another model.

    Raises NoModelConnected or ModelFailed.
    """
    raise NoModelConnected
    yield ""
