"""A bad answer becomes a case, over the agents' API."""

from typing import cast

from drf_spectacular.utils import extend_schema
from pydantic import Field
from rest_framework.request import Request
from rest_framework.response import Response

from chatbot.conversations.access import access_conversation
from chatbot.conversations.models import Message
from chatbot.conversations.wire import Shape
from chatbot.evaluation.access import expected_article, set_of, spoken_in
from chatbot.evaluation.models import Case
from chatbot.evaluation.services import add_case_from_message
from chatplatform.accounts.callers.api import AgentAPIView
from chatplatform.accounts.models import User
from chatplatform.kernel.http import Input, Text, read_body


class CaseBody(Input):
    """`message` is what a customer wrote in that session, or what the AI answered.

    `article` is the address of the one that should answer; left out or null: none should. `set` is
    the id of a question set; left out: one for what is collected.
    """

    session: Text = Field(max_length=64)
    message: int = Field(ge=1, lt=2**63)
    article: Text | None = Field(default=None, max_length=120)
    set: int | None = Field(default=None, ge=1, lt=2**63)


class CaseOut(Shape):
    """A case; `article` is the address of the one that answers it, if one does."""

    id: int
    set: int
    question: str
    language: str
    article: str | None


class CasesView(AgentAPIView):
    @extend_schema(
        operation_id="add_case", request=CaseBody, responses={201: CaseOut}, tags=["evaluation"]
    )
    def post(self, request: Request) -> Response:
        """Have the question behind a message asked in every evaluation from now on."""
        user = cast(User, request.user)
        body = read_body(request, CaseBody)
        conversation = access_conversation(user=user, name=body.session)
        message: Message = spoken_in(conversation, body.message)
        case = add_case_from_message(
            message=message,
            by=user,
            expected=expected_article(user, body.article),
            question_set=set_of(user, body.set),
        )
        return Response(_case_out(case).model_dump(mode="json"), status=201)


def _case_out(case: Case) -> CaseOut:
    return CaseOut(
        id=case.pk,
        set=case.question_set_id,
        question=case.question,
        language=case.language,
        article=case.expected.slug if case.expected else None,
    )
