from django.utils.translation import gettext_lazy as _

from chatplatform.kernel.errors import NotFound, TooManyRequests, Unavailable


class CopilotOff(Unavailable):
    code = "copilot_off"
    title = _("The copilot is switched off.")
    hint = _("An administrator switches it on in the settings.")


class NoModelConnected(Unavailable):
    code = "no_model_connected"
    title = _("No language model is connected.")
    hint = _("An administrator connects one under Language models.")


class TokensUsedUp(Unavailable):
    code = "tokens_used_up"
    title = _("This month's language model tokens are used up.")
    hint = _("A larger plan has more of them.")


class ModelFailed(Unavailable):
    code = "model_failed"
    title = _("The language model does not answer right now.")
    hint = _("Try again a little later.")


class CopilotTooSlow(Unavailable):
    code = "copilot_too_slow"
    title = _("This took too long and was given up.")
    hint = _("Try again a little later.")


class CopilotBusy(TooManyRequests):
    code = "copilot_busy"
    title = _("The copilot has too much to do right now.")
    hint = _("Wait until an answer has come, then try again.")


class NothingKnown(NotFound):
    code = "nothing_known"
    title = _("The knowledge has nothing about the customer's last question.")
    hint = _("Publish an article about it, and it can be suggested.")
