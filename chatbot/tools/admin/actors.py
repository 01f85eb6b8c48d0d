from django.http import HttpRequest

from chatplatform.audit.actors import Actor


def actor(request: HttpRequest) -> Actor:
    """Who is signed in, in the words of history."""
    return Actor("user", str(request.user.pk), request.user.get_username())
