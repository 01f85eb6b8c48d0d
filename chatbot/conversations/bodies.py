"""What may come in: shapes and limits, the same for REST, sockets, agents and the AI."""

from typing import Annotated, Any

from django.conf import settings
from django.core.exceptions import ValidationError as DjangoValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext
from pydantic import AfterValidator, Field, TypeAdapter, ValidationError
from pydantic_core import PydanticCustomError

from chatplatform.kernel.errors import InvalidInput
from chatplatform.kernel.http import Input
from chatplatform.kernel.input_errors import field_error, field_errors

TEXT_LIMIT = 10_000  # code points


def _without_nul(text: str) -> str:
    if "\0" in text:  # PostgreSQL can't store it
        raise PydanticCustomError("text_nul", "NUL can't be stored")
    return text


def _not_blank(text: str) -> str:
    if not text.strip():
        raise PydanticCustomError("text_blank", "must not be empty")
    return text


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


# The limits stand on the bare string: checked before anything else, and lone surrogates fail there.
Storable = AfterValidator(_without_nul)
MessageText = Annotated[
    str,
    Field(strict=True, min_length=1, max_length=TEXT_LIMIT),
    Storable,
    AfterValidator(_not_blank),
]
ClientId = Annotated[str, Field(strict=True, max_length=64), Storable]
Reason = Annotated[str, Field(strict=True, max_length=500), Storable]
Name = Annotated[str, Field(strict=True, max_length=120), Storable]
Email = Annotated[str, Field(strict=True, max_length=254), Storable, AfterValidator(_email)]
Language = Annotated[str, Field(strict=True, max_length=16), Storable, AfterValidator(_language)]
Code = Annotated[str, Field(strict=True, max_length=16), Storable]
Slug = Annotated[str, Field(strict=True, min_length=1, max_length=60), Storable]


class CustomerBody(Input):
    """What a visitor tells about herself; all of it optional."""

    name: Name = ""
    email: Email = ""


class OpenSessionBody(Input):
    """`language` is one of the offered codes; without it, the browser's preference counts."""

    tenant: Slug
    customer: CustomerBody = CustomerBody()
    language: Language = ""


class MessageBody(Input):
    """`client_id` is the sender's own id of the message: sent again, it never doubles."""

    text: MessageText
    client_id: ClientId = ""


class TransferBody(Input):
    """`reason` is what the agents read beside the request; `department` is a department's code."""

    reason: Reason = ""
    department: Code = ""


class RoutingBody(Input):
    """`department` is a department's code; null: for nobody in particular."""

    department: Code | None


class CloseBody(Input):
    """`reason` is a value of the dictionary `close_reason` that can be chosen now."""

    reason: Annotated[str, Field(strict=True, max_length=60), Storable] = ""


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


def check_length(text: str, *, limit: int) -> None:
    """InvalidInput for a message of more characters than the tenant takes."""
    if len(text) > limit:
        raise InvalidInput(errors=[field_error("text", "string_too_long", max_length=limit)])


def checked_client_id(client_id: Any) -> str:
    """The sender's id of a message, or InvalidInput."""
    return _checked(_CLIENT_ID, "client_id", client_id)


def _checked(adapter: TypeAdapter[str], field: str, value: Any) -> str:
    try:
        return adapter.validate_python(value)
    except ValidationError as error:
        faults = [{**fault, "field": field} for fault in field_errors(error)]
        raise InvalidInput(errors=faults) from None
