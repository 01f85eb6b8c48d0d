"""Reads what callers send: JSON within limits, then one typed, strict model."""

import json
import math
from collections.abc import Mapping
from typing import IO, Annotated, Any, NoReturn, TypeVar

from django.utils.translation import gettext_lazy as _
from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError
from pydantic_core import PydanticCustomError
from rest_framework.parsers import BaseParser
from rest_framework.request import Request

from chatplatform.kernel.errors import InvalidInput, TooLarge
from chatplatform.kernel.input_errors import body_error, field_errors

BODY_LIMIT = (
    256 * 1024
)  # bytes; our longest message, 10,000 characters of emoji escapes, needs 120 KB


class MalformedJson(InvalidInput):
    code = "malformed_json"
    title = _("The body is not valid JSON.")
    hint = _("Send one JSON object in UTF-8.")


def _storable(text: str) -> str:
    if "\0" in text:  # PostgreSQL refuses it
        raise PydanticCustomError("text_nul", "NUL can't be stored")
    try:
        text.encode()
    except UnicodeEncodeError:  # a lone surrogate; pydantic checks no str that only we look at
        raise PydanticCustomError("string_unicode", "not a text") from None
    return text


def _filled(text: str) -> str:
    if not text.strip():
        raise PydanticCustomError("text_blank", "must not be empty")
    return text


Text = Annotated[str, AfterValidator(_storable)]
"""A text as typed: no NUL, no lone surrogates. Add `Field(max_length=...)`."""

FilledText = Annotated[Text, AfterValidator(_filled)]
"""A Text with at least one character that is not white space."""


class Input(BaseModel):
    """Base of what an endpoint reads: unknown fields are refused, nothing is coerced."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


Model = TypeVar("Model", bound=BaseModel)


class JSONParser(BaseParser):
    """UTF-8 JSON of at most BODY_LIMIT bytes, whether or not a Content-Length came."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        return _parse(_read_limited(stream))


def read_body(request: Request, model: type[Model]) -> Model:
    """The request's JSON body as `model`; no body counts as {}.

    Raises MalformedJson, TooLarge, or InvalidInput with `errors`
    [{"field","code","message"}].
    """
    if not isinstance(request.data, dict):
        raise InvalidInput(errors=[body_error("model_type")])
    try:
        return model.model_validate(request.data)
    except ValidationError as error:
        raise InvalidInput(errors=field_errors(error)) from None


def read_query(request: Request, model: type[Model]) -> Model:
    """The query string as `model`; numbers and flags are read from text. Raises InvalidInput."""
    try:
        return model.model_validate_strings(request.query_params.dict())
    except ValidationError as error:
        raise InvalidInput(errors=field_errors(error)) from None


def _read_limited(stream: IO[Any]) -> bytes:
    body: bytes = stream.read(BODY_LIMIT + 1)
    if len(body) > BODY_LIMIT:
        raise TooLarge(_("The body is larger than 256 KB."))
    return body


def _parse(body: bytes) -> Any:
    try:
        return json.loads(
            body.decode("utf-8"), parse_constant=_refuse_constant, parse_float=_finite
        )
    except (
        ValueError,
        RecursionError,
    ):  # ValueError: not UTF-8, not JSON, a number of 5,000 digits
        raise MalformedJson from None


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError("a number beyond all bounds")
    return number
