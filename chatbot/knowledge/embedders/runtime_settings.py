from typing import Literal

from django.utils.translation import gettext_lazy as _

from chatplatform.configuration.registry import RuntimeSettings, setting

Search = Literal["automatic", "keyword", "offline", "endpoint"]


class SearchSettings(RuntimeSettings):
    name = "search"
    title = _("Search in the knowledge base")
    description = _("How the assistant finds the passage that answers a question.")

    by: Search = setting(
        "automatic",
        by_tenant=True,
        title=_("Find by"),
        description=_(
            "Automatic: by meaning where the offline model is installed, else by words. What can't "
            "be found by meaning right now is found by words."
        ),
        choices={
            "automatic": _("Automatic"),
            "keyword": _("Words"),
            "offline": _("Words and meaning, by the offline model"),
            "endpoint": _("Words and meaning, by a provider's embeddings"),
        },
    )
    patience: int = setting(
        1000,
        ge=0,
        le=10_000,
        by_tenant=True,
        title=_("Longest wait for the meaning of a question (milliseconds)"),
        description=_("If it takes longer, words alone decide."),
    )
