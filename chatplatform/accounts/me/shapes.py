"""What the API says about whoever calls it."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict


class Shape(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class TenantOut(Shape):
    slug: str
    name: str


class MeOut(Shape):
    """The caller. `language` is "" while she takes the browser's; `permissions` are sorted."""

    id: int
    username: str
    display_name: str
    language: str
    tenant: TenantOut | None
    has_second_factor: bool
    permissions: list[str]


class SignInOut(Shape):
    """One place where the caller is signed in; `is_current` is the one that asks."""

    id: int
    address: str
    user_agent: str
    since: datetime
    is_current: bool


class SignInsOut(Shape):
    results: list[SignInOut]
