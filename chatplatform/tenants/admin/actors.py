from django.http import HttpRequest

from chatplatform.audit.actors import Actor


def actor_of(request: HttpRequest) -> Actor:
    """Whoever uses the page, as history names her."""
    return Actor("user", str(request.user.pk), request.user.get_username())
