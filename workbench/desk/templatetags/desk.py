"""How the desk's templates say names, counts and times."""

from datetime import datetime
from typing import Any

from django import template
from django.utils import timezone
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from chatbot.assistant.handover.moods import Mood
from chatbot.conversations.models import Conversation, Message
from chatbot.tools.models import ToolCall
from chatbot.tools.telling.titles import named
from workbench.desk.brief_words import WHY
from workbench.desk.selectors import Counts
from workbench.desk.system_lines import system_line as line_of

register = template.Library()

TINTS = 6
LOUDEST = 99


@register.filter
def customer_name(conversation: Conversation) -> str:
    """The customer's name; without one, a visitor known by the start of the session's name."""
    name = conversation.customer.name.strip()
    return name or _("Visitor %(mark)s") % {"mark": conversation.name[:4]}


@register.filter
def initial(name: str) -> str:
    """The letter or character of an avatar."""
    return name.strip()[:1].upper() or "·"


@register.filter
def tint(key: int) -> str:
    """One of a few quiet colours, always the same for the same key."""
    return f"tint-{key % TINTS}"


@register.filter
def of(counts: Counts, view: str) -> int:
    """The count beside a view."""
    own = {"queue": counts.queue, "mine": counts.mine, "approvals": counts.approvals}
    return own.get(view, counts.open)


@register.filter
def capped(count: int) -> str:
    """A count that fits its badge."""
    return f"{LOUDEST}+" if count > LOUDEST else str(count)


@register.filter
def elapsed_seconds(since: datetime | None) -> int:
    """Whole seconds until now; 0 for a moment that has not come."""
    return max(0, int((timezone.now() - since).total_seconds())) if since else 0


@register.filter
def elapsed(since: datetime | None) -> str:
    """The time until now as m:ss, from an hour on as h:mm:ss."""
    minutes, seconds = divmod(elapsed_seconds(since), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


@register.filter
def system_line(message: Message) -> str:
    """A system message in the agent's language."""
    return line_of(message)


@register.filter
def language_title(code: str) -> str:
    """A language by its own name."""
    try:
        return str(get_language_info(code)["name_local"])
    except KeyError:
        return code


@register.filter
def in_a_word(trigger: str) -> str:
    """Why a customer was handed over, as short as a row is."""
    return str(WHY.get(trigger, trigger))


@register.filter
def mood_title(mood: str) -> str:
    """How she sounds; "" for calm, which needs no word."""
    return str(Mood(mood).label) if mood in Mood and mood != Mood.CALM else ""


@register.filter
def web_address(url: str) -> str:
    """An address that a link may open; "" for any other."""
    return url if url.startswith(("https://", "http://")) else ""


@register.filter
def named_arguments(call: ToolCall) -> list[tuple[str, Any]]:
    """What a tool is called with, as (title, value) in the reader's language."""
    return named(call.tool, call.arguments)
