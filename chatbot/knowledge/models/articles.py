from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chatplatform.kernel.models import TenantEdition, TenantOwned, Timestamped
from chatplatform.kernel.visibility import Visibility


class Article(TenantOwned, Timestamped):  # type: ignore[django-manager-missing]  # ours is Any
    """What the shop says about one matter, in one language.

    `body` is text as in Markdown (blocks.py). `wordings` holds other ways to ask for it, one a
    line. Only published articles are answered from and can be opened; `published_at` is when this
    one was first, so that what is withdrawn differs from a draft. All articles that say the same
    in other languages are `translation_of` one of them. `source` names where an import found it,
    `source_hash` what it read there last.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        PUBLISHED = "published", _("published")
        WITHDRAWN = "withdrawn", _("withdrawn")

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
        blank=True,  # a draft may wait for it
        help_text=_(
            'Text as in Markdown: an empty line begins a paragraph, "## " a heading, "### " one '
            'below it, "- " a list item, "| a | b |" a row of a table.'
        ),
    )
    slug = models.CharField(_("address"), max_length=120, editable=False)
    published = models.BooleanField(_("published"), default=True)
    published_at = models.DateTimeField(_("first published"), null=True, editable=False)
    translation_of = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("translation of"),
        help_text=_("The article that says the same in another language."),
    )
    source = models.CharField(_("imported from"), max_length=500, blank=True, editable=False)
    source_hash = models.CharField(_("imported text"), max_length=64, blank=True, editable=False)

    # Knowledge is everybody's; a role may be limited to some of it.
    visibility = Visibility(shared=Q(), constraints=("language", "category", "published"))

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        ordering = ["category", "title"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "slug"], name="article_slug_once_per_tenant"),
            models.UniqueConstraint(
                fields=["tenant", "source"],
                condition=~Q(source=""),
                name="article_once_per_source",
            ),
        ]
        indexes = [models.Index("tenant", "published", name="article_published")]

    def __str__(self) -> str:
        return self.title

    @property
    def state(self) -> State:
        if self.published:
            return self.State.PUBLISHED
        return self.State.WITHDRAWN if self.published_at else self.State.DRAFT


class ArticleVersion(TenantOwned):
    """An article as somebody saved it; the highest number is how it reads now."""

    article = models.ForeignKey(
        Article, on_delete=models.CASCADE, related_name="versions", verbose_name=_("article")
    )
    number = models.PositiveIntegerField(_("version"))
    title = models.CharField(_("title"), max_length=200)
    language = models.CharField(_("language"), max_length=16, choices=settings.LANGUAGES)
    category = models.CharField(_("category"), max_length=80, blank=True)
    wordings = models.TextField(_("other wordings"), blank=True)
    body = models.TextField(_("text"), blank=True)
    actor_kind = models.CharField(_("kind of actor"), max_length=16)
    actor_label = models.CharField(_("saved by"), max_length=160, blank=True)
    created_at = models.DateTimeField(_("saved"), default=timezone.now, editable=False)

    visibility = Visibility(through="article")

    class Meta:
        verbose_name = _("version of an article")
        verbose_name_plural = _("versions of articles")
        ordering = ["article", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="version_once_per_number")
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.number})"


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
