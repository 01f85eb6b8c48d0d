"""The list of people as an address asks for it; everything about it stands in the address."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.functional import cached_property

from chatplatform.accounts.models import User
from chatplatform.tenants.models import Department
from workbench.people import selectors
from workbench.people.selectors import Person, Status, person_of

PAGE = 50  # rows
LONGEST = 500  # rows in one list; beyond that, search
WORDS = 80  # characters of a search


@dataclass(frozen=True)
class Listing:
    """What the reader looks at; what an address names wrongly is left out."""

    reader: User
    words: str = ""
    department: str = ""
    status: str = ""
    limit: int = PAGE

    STATUSES = tuple(Status)

    @classmethod
    def asked_for(cls, reader: User, query: QueryDict) -> "Listing":
        status = query.get("status", "")
        return cls(
            reader=reader,
            words=_text(query, "search"),
            department=_text(query, "department"),
            status=status if status in list(Status) else "",
            limit=_bounded(query.get("limit", "")),
        )

    @cached_property
    def departments(self) -> list[Department]:
        """Those that the reader may see, to choose from."""
        return list(Department.objects.visible_to(self.reader).order_by("name"))

    @property
    def people(self) -> list[Person]:
        return self._found[: self.limit]

    @property
    def narrowed(self) -> bool:
        return bool(self.words or self.department or self.status)

    @property
    def more(self) -> str:
        """The query string that shows more; "" if these are all, or as many as a list holds."""
        if len(self._found) <= self.limit or self.limit >= LONGEST:
            return ""
        asked = {"search": self.words, "department": self.department, "status": self.status}
        kept = {key: value for key, value in asked.items() if value}
        return urlencode({**kept, "limit": min(self.limit + PAGE, LONGEST)})

    @cached_property
    def _found(self) -> list[Person]:
        return [person_of(user) for user in self._users()[: self.limit + 1]]

    def _users(self) -> QuerySet[User]:
        found = selectors.found_by(selectors.people(self.reader), self.words)
        if self.department:
            found = selectors.of_department(found, self.department)
        return selectors.with_status(found, Status(self.status)) if self.status else found


def _text(query: QueryDict, key: str) -> str:
    return query.get(key, "").replace("\0", "").strip()[:WORDS]


def _bounded(limit: str) -> int:
    return min(max(int(limit), PAGE), LONGEST) if limit.isascii() and limit.isdigit() else PAGE
