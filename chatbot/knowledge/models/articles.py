from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from chatplatform.kernel.models import TenantEdition, TenantOwned, Timestamped
from chatplatform.kernel.visibility import Visibility


class Article(TenantOwned, Timestamped):  # type: ignore[django-manager-missing]  # ours is Any
    """What the shop says about one matter, in one language.

    `body` is plain text: paragraphs, `## headings`, `- lists`. `wordings` holds other ways to ask
    for it, one a line. Only published articles are answered from and can be opened.
    """

    title = models.CharField(_("title"), max_length=200)
    language = models.CharField(_("language"), max_length=16, choices=settings.LANGUAGES)
    category = models.CharField(_("category"), max_length=80, blank=True)
    wordings = models.TextField(
        _("other wordings"),
        blank=True,
        help_text=_("Other ways customers ask this, one a line. The assistant finds it by them."),
    )
    body = models.TextField(
        _("text"),
        help_text=_(
            'Plain text. An empty line begins a paragraph, "## " a heading, "- " a list item.'
        ),
    )
    slug = models.CharField(_("address"), max_length=120, editable=False)
    published = models.BooleanField(_("published"), default=True)

    # Knowledge is everybody's; a role may be limited to some of it.
    visibility = Visibility(shared=Q(), constraints=("language", "category", "published"))

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        ordering = ["category", "title"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "slug"], name="article_slug_once_per_tenant")
        ]
        indexes = [models.Index("tenant", "published", name="article_published")]

    def __str__(self) -> str:
        return self.title


class Passage(TenantOwned):
    """A piece of an article, short enough to be quoted. `content_hash` changes with its words."""

    article = models.ForeignKey(
        Article, on_delete=models.CASCADE, related_name="passages", verbose_name=_("article")
    )
    heading = models.CharField(_("heading"), max_length=300, blank=True)
    text = models.TextField(_("text"))
    ordinal = models.PositiveIntegerField(_("place"))
    content_hash = models.CharField(_("content hash"), max_length=32, editable=False)

    visibility = Visibility(through="article")

    class Meta:
        verbose_name = _("passage")
        verbose_name_plural = _("passages")
        ordering = ["article", "ordinal"]

    def __str__(self) -> str:
        return self.text[:80]


class Edition(TenantEdition):
    """Changes with everything published, so that each process sees its index is old."""

    class Meta:
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
