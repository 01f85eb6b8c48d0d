"""What the embedded assistant says in its own words, in the active language."""

from django.utils.translation import gettext as _

from chatbot.tools.choices import CallStatus


def greeting() -> str:
    return _("Hello! I'm the AI assistant of this shop. What can I do for you?")


def thanks() -> str:
    return _("You're welcome! Is there anything else I can do for you?")


def goodbye() -> str:
    return _("Goodbye, and thank you for your visit!")


def unsure() -> str:
    return _("I'm not sure what you mean. Is it one of these?")


def unknown() -> str:
    return _("Sorry, I don't know that. Would you like to talk to a person?")


def failed() -> str:
    return _("Sorry, I can't answer right now. Would you like to talk to a person?")


def talk_to_a_person() -> str:
    """What a customer may say to be connected; recognised as a wish in every language."""
    return _("Talk to a person")


def offer() -> str:
    return _("I can't help you any further with that. Would you like to talk to a person?")


def sorry() -> str:
    return _("I'm sorry that this is so annoying. Would you like to talk to a person?")


def which(title: str) -> str:
    """Asks for something that a tool needs to know."""
    return _("Please tell me this: %(title)s") % {"title": title}


def awaiting(status: str) -> str:
    """Who has to decide on a tool's call of that status; "" if nobody."""
    if status == CallStatus.AWAITING_CONFIRMATION:
        return _("I'll do that as soon as you have confirmed it.")
    if status == CallStatus.AWAITING_APPROVAL:
        return _("A colleague has to approve that. You will read here what came of it.")
    return ""


def tool_failed() -> str:
    return _("I could not do that. Please check what you wrote, or talk to a person.")
