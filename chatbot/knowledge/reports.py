"""What became of an import, for people and programs."""

from dataclasses import dataclass

from chatbot.knowledge.imports.faults import told
from chatbot.knowledge.models import Article, ImportItem, ImportJob, ImportSource

SHOWN = 200


@dataclass(frozen=True)
class NotTaken:
    """What was not taken: in which file or address, where in it, and why."""

    source: str
    place: str
    code: str
    reason: str


@dataclass(frozen=True)
class Report:
    """`refused` holds the first SHOWN; `articles` those that were made or changed last."""

    refused: list[NotTaken]
    articles: list[Article]
    retry: bool


def report_of(job: ImportJob) -> Report:
    """The report in the reader's language. Three queries."""
    sources = ImportSource.objects.filter(job=job, state=ImportSource.State.FAILED).defer("content")
    items = ImportItem.objects.filter(job=job).select_related("source").defer("source__content")
    failed = list(items.filter(state=ImportItem.State.FAILED)[:SHOWN])
    whole = list(sources[:SHOWN])
    refused = [
        *(NotTaken(each.name, "", each.fault, told(each.fault, each.details)) for each in whole),
        *(
            NotTaken(each.source.name, each.place, each.fault, told(each.fault, each.details))
            for each in failed
        ),
    ]
    done = items.filter(article__isnull=False).exclude(state=ImportItem.State.SKIPPED)
    articles = [each.article for each in done.select_related("article").order_by("-id")[:20]]
    over = job.state not in ImportJob.UNFINISHED
    again = any(each.draft for each in failed) or any(each.kind == "url" for each in whole)
    return Report(refused[:SHOWN], articles, retry=over and (again or job.done < job.total))
