"""What happens to articles, in the words of history; read by audit when it starts."""

from django.utils.translation import gettext_lazy as _

from chatplatform.audit.words import Target, register

register(
    actions={
        "article.create": _("Article written"),
        "article.change": _("Article changed"),
        "article.publish": _("Article published"),
        "article.withdraw": _("Article withdrawn"),
        "article.delete": _("Article deleted"),
    },
    targets={"article": Target(_("Article"), "knowledge.Article")},
)
