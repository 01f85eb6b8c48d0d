"""The doors for names from outside: each fetches what the caller may see, or turns away."""

from django.utils.translation import gettext_lazy as _

from chatbot.conversations.models import Conversation, Message
from chatbot.evaluation.models import QuestionSet
from chatbot.knowledge.access import UnknownArticle
from chatbot.knowledge.models import Article
from chatplatform.accounts.models import User
from chatplatform.kernel.errors import NotFound


class UnknownMessage(NotFound):
    code = "unknown_message"
    title = _("There is no such message in this session.")


class UnknownSet(NotFound):
    code = "unknown_question_set"
    title = _("There is no such question set.")


def spoken_in(conversation: Conversation, key: int) -> Message:
    """The message of that conversation."""
    found = Message.objects.select_related("conversation", "tenant")
    message: Message | None = found.filter(conversation=conversation, pk=key).first()
    if message is None:
        raise UnknownMessage
    return message


def expected_article(user: User, slug: str | None) -> Article | None:
    """The article at that address: a published one, which everybody can read, or one that the user
    may see. None for none."""
    if slug is None:
        return None
    alike = Article.objects.filter(slug=slug)
    found: Article | None = alike.filter(published=True).first()
    found = found or alike.visible_to(user).first()
    if found is None:
        raise UnknownArticle
    return found


def set_of(user: User, key: int | None) -> QuestionSet | None:
    """The question set, if the user may see it; None for none."""
    if key is None:
        return None
    found: QuestionSet | None = QuestionSet.objects.visible_to(user).filter(pk=key).first()
    if found is None:
        raise UnknownSet
    return found
