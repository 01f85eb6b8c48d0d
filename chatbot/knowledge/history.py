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
        "article.restore": _("Earlier version of an article restored"),
        "import.start": _("Import started"),
        "import.finish": _("Import finished"),
        "import.cancel": _("Import cancelled"),
        "import.retry": _("Import tried again"),
        "question.write": _("Article begun for an unanswered question"),
        "question.attach": _("Unanswered question added to an article"),
        "question.dismiss": _("Unanswered question dismissed"),
        "question.reopen": _("Unanswered question opened again"),
    },
    targets={
        "article": Target(_("Article"), "knowledge.Article"),
        "import": Target(_("Import"), "knowledge.ImportJob"),
        "question": Target(_("Unanswered question"), "knowledge.OpenQuestion"),
    },
)
