"""What the API of articles and imports reads and answers."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from chatbot.conversations.wire import Shape
from chatbot.knowledge.addresses import article_url
from chatbot.knowledge.models import Article, ImportJob
from chatbot.knowledge.reports import Report
from chatplatform.kernel.http import FilledText, Input, Text

Language = Literal["zh-hans", "en"]
ArticleState = Literal["draft", "published", "withdrawn"]
ImportState = Literal["queued", "running", "done", "failed", "cancelled"]
Title = Annotated[FilledText, Field(max_length=200)]
Body = Annotated[Text, Field(max_length=200_000)]
Category = Annotated[Text, Field(max_length=80)]
Wordings = Annotated[list[Annotated[FilledText, Field(max_length=500)]], Field(max_length=200)]


class ArticlesQuery(BaseModel):
    """Which articles; `search` is looked for in titles, wordings and texts."""

    model_config = ConfigDict(extra="ignore", frozen=True)  # `limit` and `cursor` are the pages'

    search: Annotated[Text, Field(max_length=80)] = ""
    language: Language | None = None
    category: Category | None = None
    state: ArticleState | None = None


class ArticleBody(Input):
    """A new article. `body` is text as in Markdown; `translation_of` the id of another."""

    title: Title
    language: Language
    body: Body = ""
    category: Category = ""
    wordings: Wordings = []
    published: bool = False
    translation_of: int | None = None


class ArticleChanges(Input):
    """What is not given stays."""

    title: Title = ""
    language: Language = "en"
    body: Body = ""
    category: Category = ""
    wordings: Wordings = []
    published: bool = False
    translation_of: int | None = None


class ArticleOut(Shape):
    """An article. `url` opens it for customers while it is published, else null."""

    id: int
    title: str
    language: str
    category: str
    wordings: list[str]
    body: str
    state: ArticleState
    translation_of: int | None
    source: str
    url: str | None
    created_at: datetime
    updated_at: datetime


class ArticlesOut(Shape):
    results: list[ArticleOut]
    next: str | None
    previous: str | None


class ImportBody(Input):
    """Addresses to import; files are sent as multipart/form-data instead, as `files`."""

    urls: Annotated[list[Annotated[FilledText, Field(max_length=450)]], Field(max_length=200)] = []
    language: Language | None = None
    category: Category = ""
    publish: bool = False


class ImportForm(BaseModel):
    """The fields beside `files`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    language: Language | None = None
    category: Category = ""
    publish: bool = False


class RefusedOut(Shape):
    """What was not taken: in which file or address, where in it, and why."""

    source: str
    place: str
    code: str
    reason: str


class ImportOut(Shape):
    """An import: `done` of `total` are dealt with, of these so many new, changed, unchanged and
    refused."""

    id: int
    kind: Literal["files", "urls"]
    state: ImportState
    total: int
    done: int
    created: int
    updated: int
    skipped: int
    failed: int
    created_at: datetime
    finished_at: datetime | None


class ImportsOut(Shape):
    results: list[ImportOut]
    next: str | None
    previous: str | None


class ImportReportOut(ImportOut):
    """With the first 200 of what was refused."""

    refused: list[RefusedOut]


def article_out(article: Article) -> ArticleOut:
    slug = article.tenant.slug
    return ArticleOut(
        id=article.pk,
        title=article.title,
        language=article.language,
        category=article.category,
        wordings=article.wordings.splitlines(),
        body=article.body,
        state=article.state.value,
        translation_of=article.translation_of_id,
        source=article.source,
        url=article_url(slug, article.slug) if article.published else None,
        created_at=article.created_at,
        updated_at=article.updated_at,
    )


def import_out(job: ImportJob) -> ImportOut:
    return ImportOut.model_validate({name: getattr(job, name) for name in ImportOut.model_fields})


def import_report_out(job: ImportJob, report: Report) -> ImportReportOut:
    refused = [
        RefusedOut(source=each.source, place=each.place, code=each.code, reason=each.reason)
        for each in report.refused
    ]
    return ImportReportOut(**dict(import_out(job)), refused=refused)
