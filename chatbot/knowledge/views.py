from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import cache_control
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from chatbot.knowledge import selectors
from chatbot.knowledge.blocks import blocks
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
    with translation.override(article.language):
        context = {
            "shop": shop,
            "article": article,
            "blocks": blocks(article.body),
            "related": related,
        }
        return render(request, "chatbot/help_article.html", context)
