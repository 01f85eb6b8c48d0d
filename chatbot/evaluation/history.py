"""What happens to question sets and cases, in the words of history; read by audit."""

from django.utils.translation import gettext_lazy as _

from chatplatform.audit.words import Target, register

register(
    actions={
        "questionset.create": _("Question set written"),
        "questionset.change": _("Question set changed"),
        "questionset.delete": _("Question set deleted"),
        "case.create": _("Case added"),
        "case.change": _("Case changed"),
        "case.delete": _("Case deleted"),
        "questionset.evaluate": _("Evaluation started"),
        "prompt.evaluate": _("Evaluation of instructions started"),
    },
    targets={
        "questionset": Target(_("Question set"), "evaluation.QuestionSet"),
        "case": Target(_("Case"), "evaluation.Case"),
    },
)
