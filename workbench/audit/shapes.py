"""What comes in and goes out at `/api/v1/audit`."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from chatplatform.audit import words
from chatplatform.audit.models import AuditEntry

Word = Annotated[str, Field(max_length=160)]


class AuditQuery(BaseModel):
    """How history is narrowed: exact values, and a span of time (`to` not included)."""

    model_config = ConfigDict(extra="ignore", frozen=True)  # `limit` and `cursor` are the pages'

    action: Word = ""
    actor_kind: Word = ""
    actor: Word = ""
    target_type: Word = ""
    target: Word = ""
    since: AwareDatetime | None = Field(None, alias="from")
    until: AwareDatetime | None = Field(None, alias="to")


class ActorOut(BaseModel):
    """`name` is in the reader's language for whoever has no name; `id` is "" for those."""

    kind: str
    id: str
    name: str


class TargetOut(BaseModel):
    """`id` is the public name or key of the thing."""

    type: str
    id: str


class AuditEntryOut(BaseModel):
    """One line; `before` and `after` hold what changed. `sequence` and `digest` are null and ""
    until the line is sealed."""

    id: int
    at: datetime
    actor: ActorOut
    action: str
    title: str
    target: TargetOut
    before: dict[str, Any]
    after: dict[str, Any]
    data: dict[str, Any]
    address: str
    request_id: str
    sequence: int | None
    digest: str


class AuditOut(BaseModel):
    """One page of history, newest first; `next` and `previous` are addresses, None at the ends."""

    results: list[AuditEntryOut]
    next: str | None
    previous: str | None


def entry_out(entry: AuditEntry) -> AuditEntryOut:
    return AuditEntryOut(
        id=entry.pk,
        at=entry.at,
        actor=ActorOut(kind=entry.actor_kind, id=entry.actor_id, name=words.actor_name(entry)),
        action=entry.action,
        title=words.action_name(entry.action),
        target=TargetOut(type=entry.target_type, id=entry.target_id),
        before=entry.before,
        after=entry.after,
        data=entry.data,
        address=entry.address,
        request_id=entry.request_id,
        sequence=entry.sequence,
        digest=entry.digest,
    )
