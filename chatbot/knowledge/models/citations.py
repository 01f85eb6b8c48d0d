from django.db import models
from django.utils.translation import gettext_lazy as _

from chatbot.conversations.models import Message
from chatbot.knowledge.models.articles import Article
from chatplatform.kernel.models import TenantOwned
from chatplatform.kernel.visibility import Visibility


class Citation(TenantOwned):
    """A passage that an answer of the AI stood on, by the key and the hash it had then."""

    message = models.ForeignKey(
        Message, on_delete=models.CASCADE, related_name="+", verbose_name=_("answer")
    )
    article = models.ForeignKey(
        Article,
        on_delete=models.SET_NULL,
        null=True,
        db_constraint=False,  # no answer may fail because its article is being deleted meanwhile
        related_name="citations",
        verbose_name=_("article"),
    )
    passage_id = models.BigIntegerField(_("passage"))  # no relation: passages go as words change
    content_hash = models.CharField(_("content hash"), max_length=32)

    visibility = Visibility(through="message")

    class Meta:
        verbose_name = _("citation")
        verbose_name_plural = _("citations")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["message", "passage_id"], name="citation_once_per_answer"
            )
        ]
        indexes = [models.Index(fields=["article", "-id"], name="citation_of_article")]

    def __str__(self) -> str:
        return f"{self.article_id}: {self.content_hash}"
