"""Each tenant's passages as indexes in memory, kept fresh in every process."""

import threading
from collections import OrderedDict, defaultdict
from dataclasses import dataclass

from chatbot.knowledge.models import Edition, Passage
from chatbot.knowledge.retrieval import Document, KeywordIndex
from chatplatform.kernel.scoping import tenant_scope
from chatplatform.tenants.models import Tenant

# Least recently asked go first. 5,000 passages take about 30 MB, a small shop's hundred under one.
MAX_TENANTS = 64


@dataclass(frozen=True)
class Entry:
    """A published passage as an answer needs it."""

    passage_id: int
    article_id: int
    title: str
    category: str
    slug: str
    language: str
    heading: str
    text: str
    content_hash: str


@dataclass(frozen=True)
class Shelf:
    """Entries, and an index whose document numbers are their places."""

    entries: tuple[Entry, ...]
    index: KeywordIndex


@dataclass(frozen=True)
class Catalogue:
    """All that a tenant has published, by language. Never changed: a new edition is a new one."""

    edition: str
    shelves: dict[str, Shelf]
    everything: Shelf

    def shelf(self, language: str) -> Shelf:
        """What is written in that language, or everything if nothing is."""
        return self.shelves.get(language, self.everything)


class Catalogues:
    """One catalogue per tenant. A search costs one primary-key read to see that it is current."""

    def __init__(self) -> None:
        self._kept: OrderedDict[int, Catalogue] = OrderedDict()
        self._lock = threading.Lock()
        self._building: defaultdict[int, threading.Lock] = defaultdict(threading.Lock)

    def current(self, tenant: Tenant) -> Catalogue:
        """The tenant's catalogue as of now; built first if something was published since."""
        edition = _edition(tenant)
        if found := self._known(tenant, edition):
            return found
        with self._lock:
            building = self._building[tenant.pk]
        with building:  # one builds, the others wait for the result
            edition = _edition(tenant)
            return self._known(tenant, edition) or self._keep(tenant, _build(tenant, edition))

    def _known(self, tenant: Tenant, edition: str) -> Catalogue | None:
        with self._lock:
            found = self._kept.get(tenant.pk)
            if found is None or found.edition != edition:
                return None
            self._kept.move_to_end(tenant.pk)
            return found

    def _keep(self, tenant: Tenant, catalogue: Catalogue) -> Catalogue:
        with self._lock:
            self._kept[tenant.pk] = catalogue
            self._kept.move_to_end(tenant.pk)
            while len(self._kept) > MAX_TENANTS:
                forgotten, _ = self._kept.popitem(last=False)
                self._building.pop(forgotten, None)
        return catalogue


catalogues = Catalogues()


def _edition(tenant: Tenant) -> str:
    """Read before the passages: at worst an index is newer than it says, and is built again."""
    with tenant_scope(tenant):
        token: str | None = Edition.objects.values_list("token", flat=True).first()
    return token or ""


def _build(tenant: Tenant, edition: str) -> Catalogue:
    with tenant_scope(tenant):
        rows = list(
            Passage.objects.filter(article__published=True)
            .select_related("article")
            .order_by("article_id", "ordinal")
        )
    by_language: defaultdict[str, list[Passage]] = defaultdict(list)
    for row in rows:
        by_language[row.article.language].append(row)
    shelves = {language: _shelf(found) for language, found in by_language.items()}
    everything = next(iter(shelves.values())) if len(shelves) == 1 else _shelf(rows)
    return Catalogue(edition, shelves, everything)


def _shelf(rows: list[Passage]) -> Shelf:
    return Shelf(tuple(map(_entry, rows)), KeywordIndex(map(_document, rows)))


def _entry(row: Passage) -> Entry:
    article = row.article
    return Entry(
        passage_id=row.pk,
        article_id=article.pk,
        title=article.title,
        category=article.category,
        slug=article.slug,
        language=article.language,
        heading=row.heading,
        text=row.text,
        content_hash=row.content_hash,
    )


def _document(row: Passage) -> Document:
    return Document(
        title=row.article.title,
        text=f"{row.heading}\n{row.text}",
        wordings=row.article.wordings.splitlines(),
    )
