"""What a customer's socket may send: the same deeds as the HTTP API, one frame each."""

from collections.abc import Callable
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import BaseModel, ValidationError

from chatbot.conversations import authors, selectors, services, wire
from chatbot.conversations.access import access_session
from chatbot.conversations.bodies import EmptyBody, MessageBody, TransferBody
from chatbot.conversations.departments import department_called
from chatbot.conversations.models import Conversation
from chatplatform.kernel.error_codes import register_frame_error
from chatplatform.kernel.errors import ApplicationError, InvalidInput
from chatplatform.kernel.input_errors import field_errors
from chatplatform.kernel.scoping import tenant_scope
from chatplatform.protection import throttling
from chatplatform.protection.throttling import Rule
from chatplatform.tenants.admission import count_call
from realtime.streams import FrameError

Frame = dict[str, Any]
UNKNOWN_FRAME = register_frame_error(
    "unknown_frame",
    gettext_lazy("There is no such type of frame."),
    gettext_lazy("`detail` names those that there are."),
)


def carry_out(token: str, name: str, frame: Frame) -> Frame | None:
    """Do what the frame asks and give the answer to it; FrameError says why not."""
    try:
        throttling.spend(Rule.FRAMES, name)
        conversation = access_session(token=token, name=name)
        count_call(conversation.tenant)
        with tenant_scope(conversation.tenant):
            return _dispatch(conversation, frame)
    except ApplicationError as error:
        raise FrameError(error.code, str(error.detail), **_which(frame), **error.extra) from None


def _dispatch(conversation: Conversation, frame: Frame) -> Frame | None:
    kind = frame.get("type")
    deed = _DEEDS.get(kind) if isinstance(kind, str) else None
    if deed is None:
        known = ", ".join(_DEEDS)
        detail = _("Unknown frame type. Known are: %(known)s.") % {"known": known}
        raise FrameError(UNKNOWN_FRAME, detail)
    fields = {name: value for name, value in frame.items() if name != "type"}
    try:
        return deed.do(conversation, deed.body.model_validate(fields))
    except ValidationError as error:
        raise InvalidInput(errors=field_errors(error)) from None


def _post_message(conversation: Conversation, said: MessageBody) -> Frame:
    throttling.spend(Rule.MESSAGES, conversation.name)
    posted = services.post_message(
        conversation=conversation,
        author=authors.customer(conversation.customer),
        text=said.text,
        client_id=said.client_id,
    )
    message = wire.message_out(posted.message).model_dump(mode="json")
    return {"type": "ack", "client_id": said.client_id, "message": message}


def _announce_typing(conversation: Conversation, _nothing: EmptyBody) -> None:
    customer = authors.customer(conversation.customer)
    services.announce_typing(conversation=conversation, author=customer)


def _request_transfer(conversation: Conversation, body: TransferBody) -> Frame:
    services.request_transfer(
        conversation=conversation,
        actor=authors.customer(conversation.customer),
        reason=body.reason,
        department=department_called(body.department),
    )
    session = selectors.session_answer(conversation).model_dump(mode="json")
    return {"type": "ack", "session": session}


class _Deed(NamedTuple):
    body: type[BaseModel]
    do: Callable[[Conversation, Any], Frame | None]


_DEEDS: dict[str, _Deed] = {
    "message": _Deed(MessageBody, _post_message),
    "typing": _Deed(EmptyBody, _announce_typing),
    "transfer": _Deed(TransferBody, _request_transfer),
}


def register(kind: str, body: type[BaseModel], do: Callable[[Conversation, Any], Frame]) -> None:
    """Have an upper room's frames carried out as well; called when its app starts."""
    _DEEDS[kind] = _Deed(body, do)


def _which(frame: Frame) -> Frame:
    """Names the refused message, so that its sender knows which one to mark."""
    client_id = frame.get("client_id")
    return {"client_id": client_id} if isinstance(client_id, str) else {}
