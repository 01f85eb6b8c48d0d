"""What may come in: shapes and limits, the same for REST, sockets, agents and the AI."""

from typing import Annotated, Any

from django.conf import settings
from django.core.exceptions import ValidationError as DjangoValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext
from pydantic import AfterValidator, Field, TypeAdapter, ValidationError
from pydantic_core import PydanticCustomError

from chatplatform.kernel.errors import InvalidInput
from chatplatform.kernel.http import FilledText, Input, Text
from chatplatform.kernel.input_errors import field_errors

TEXT_LIMIT = 10_000  # code points


def _email(text: str) -> str:
    if text:
        try:
            validate_email(text)
        except DjangoValidationError:
            raise PydanticCustomError("email", gettext("This is not an e-mail address.")) from None
    return text


def _language(code: str) -> str:
    if code and code not in dict(settings.LANGUAGES):
        raise PydanticCustomError("language", gettext("This language is not offered."))
    return code


MessageText = Annotated[FilledText, Field(min_length=1, max_length=TEXT_LIMIT, strict=True)]
ClientId = Annotated[Text, Field(max_length=64, strict=True)]
Reason = Annotated[Text, Field(max_length=500, strict=True)]


class CustomerBody(Input):
    """What a visitor tells about herself; all of it optional."""

    name: Annotated[Text, Field(max_length=120)] = ""
    email: Annotated[Text, Field(max_length=254), AfterValidator(_email)] = ""


class OpenSessionBody(Input):
    """`language` is one of the offered codes; without it, the browser's preference counts."""

    tenant: Annotated[Text, Field(min_length=1, max_length=60)]
    customer: CustomerBody = CustomerBody()
    language: Annotated[Text, AfterValidator(_language)] = ""


class MessageBody(Input):
    """`client_id` is the sender's own id of the message: sent again, it never doubles."""

    text: MessageText
    client_id: ClientId = ""


class TransferBody(Input):
    """`reason` is what the agents read beside the request."""

    reason: Reason = ""


class EmptyBody(Input):
    """No fields."""


class MessagesQuery(Input):
    """`after` is the id of the last message already known."""

    after: Annotated[int, Field(ge=0, lt=2**63)] = 0


_TEXT: TypeAdapter[str] = TypeAdapter(MessageText)
_CLIENT_ID: TypeAdapter[str] = TypeAdapter(ClientId)


def checked_text(text: Any) -> str:
    """A message's text exactly as given, or InvalidInput."""
    return _checked(_TEXT, "text", text)


def checked_client_id(client_id: Any) -> str:
    """The sender's id of a message, or InvalidInput."""
    return _checked(_CLIENT_ID, "client_id", client_id)


def _checked(adapter: TypeAdapter[str], field: str, value: Any) -> str:
    try:
        return adapter.validate_python(value)
    except ValidationError as error:
        faults = [{**fault, "field": field} for fault in field_errors(error)]
        raise InvalidInput(errors=faults) from None
