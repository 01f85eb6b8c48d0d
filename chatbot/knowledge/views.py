from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import cache_control
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from chatbot.knowledge import selectors
from chatbot.knowledge.blocks import Block, blocks
from chatplatform.kernel.errors import NotFound
from chatplatform.kernel.scoping import tenant_scope
from chatplatform.tenants.selectors import active_tenant


class ArticleNotFound(NotFound):
    code = "article_not_found"
    title = _("There is no such article.")


@require_safe
@cache_control(no_cache=True)
@xframe_options_exempt  # a shop may show its help inside its own pages
def help_article(request: HttpRequest, tenant: str, slug: str) -> HttpResponse:
    """A published article, for everyone who holds its address; the page speaks its language."""
    shop = active_tenant(tenant)
    with tenant_scope(shop):
        article = selectors.published_article(slug)
        if article is None:
            raise ArticleNotFound(_("It may have been withdrawn or moved."))
        related = selectors.related_articles(article)
        translations = selectors.translations_of(article)
    with translation.override(article.language):
        context = {
            "shop": shop,
            "article": article,
            "blocks": _ranked(blocks(article.body)),
            "translations": translations,
            "related": related,
        }
        return render(request, "chatbot/help_article.html", context)


def _ranked(found: list[Block]) -> list[Block]:
    """Headings by rank below the title: whatever the text begins with is of rank 2."""
    levels = sorted({block.level for block in found if block.level})
    ranks = {level: min(rank, 6) for rank, level in enumerate(levels, 2)}
    return [block._replace(level=ranks.get(block.level, 0)) for block in found]
