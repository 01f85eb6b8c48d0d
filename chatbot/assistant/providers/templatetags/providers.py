from django import template

from chatbot.assistant.providers.purposes import CallStatus

register = template.Library()


@register.filter
def call_status(value: str) -> str:
    """A CallStatus' value in words; one that we no longer know as it is."""
    return str(CallStatus(value).label) if value in CallStatus.values else value
