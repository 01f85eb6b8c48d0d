"""Embeds what tenants have published, in the background; a killed process' work is taken over."""

import os
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta

import structlog
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from chatbot.knowledge.embedders import store, texts
from chatbot.knowledge.embedders.choice import embedder_of
from chatbot.knowledge.embedders.embedding import Embedder, Kind, NotEmbedded, Vectors
from chatbot.knowledge.embedders.everyday import languages
from chatbot.knowledge.embedders.models import Progress
from chatbot.knowledge.index import passages, wanted
from chatbot.knowledge.models import Edition
from chatplatform.kernel.ids import public_id, worker_name
from chatplatform.kernel.scoping import all_tenants, tenant_scope
from chatplatform.tenants.models import Tenant

logger = structlog.get_logger(__name__)

LEASE = timedelta(seconds=60)
AT_ONCE = 16
SECONDS_A_CALL = 30.0
# A long work's results are searched with before it ends, but not so often that indexes are built
# all the time.
SHOWN_EVERY = 2000
_WORKER = worker_name()


class Lost(Exception):
    """Another process took the work over."""


def _step_back() -> None:
    """Customers' questions go first: on Linux a thread can step back alone."""
    with suppress(OSError, AttributeError):
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 15)


# Only the model's thread steps back, which lets others run meanwhile: one that computes in Python
# and is not let onto the processor keeps them all waiting.
_model = ThreadPoolExecutor(1, thread_name_prefix="passages", initializer=_step_back)


@dataclass(frozen=True)
class Work:
    """A tenant whose knowledge is to be embedded as of that edition."""

    tenant: Tenant
    embedder: Embedder
    edition: str


def run() -> None:
    """The job, on a thread of its own."""
    embed_what_is_new()


def embed_what_is_new() -> None:
    """Embed whatever any tenant's knowledge lacks; returns when nothing is left that we may do."""
    for work in due():
        try:
            embed(work)
        except Lost:
            logger.info("embedding_lost", tenant=work.tenant.slug)
        except NotEmbedded as error:
            logger.warning("not_embedded", tenant=work.tenant.slug, why=str(error))
            _release(work, error=str(error))


def due() -> Iterator[Work]:
    """The tenants whose vectors are not those of their knowledge and their embedder."""
    with all_tenants():
        tokens = dict(Edition.objects.order_by().values_list("tenant_id", "token"))
        known = {
            row[0]: row[1:]
            for row in Progress.objects.order_by().values_list("tenant_id", "edition", "model")
        }
        tenants = list(Tenant.objects.filter(pk__in=tokens, status=Tenant.Status.ACTIVE))
    for tenant in tenants:
        embedder = embedder_of(tenant)
        if embedder and known.get(tenant.pk) != (tokens[tenant.pk], embedder.model):
            yield Work(tenant, embedder, tokens[tenant.pk])


def embed(work: Work, *, worker: str = _WORKER) -> None:
    """Embed what is missing; nothing happens if another process is at it."""
    with tenant_scope(work.tenant):
        if not _claim(work, worker):
            return
        needed = needed_texts()
        missing = {
            key: needed[key] for key in needed.keys() - store.stored_keys(work.embedder.model)
        }
        done = len(needed) - len(missing)
        _tell(work, worker, total=len(needed), done=done)
        for part in _parts(list(missing.values())):
            if not _is_wanted(work):
                _leave(worker)
                return
            store.store(work.tenant, work.embedder.model, embedded(work.embedder, part))
            shown, done = done // SHOWN_EVERY, done + len(part)
            _tell(work, worker, done=done)
            if done // SHOWN_EVERY > shown:
                work = _shown(work)
        _finish(work, worker, needed)


def needed_texts() -> dict[str, texts.Text]:
    """Every text of the tenant in scope that is embedded, by its key."""
    ours = (text for row in passages() for text in wanted(row).texts())
    usual = (text for each in languages() for row in texts.usual(each) for text in row)
    return {text.key: text for text in (*usual, *ours)}


def embedded(embedder: Embedder, part: Sequence[texts.Text]) -> dict[str, Vectors]:
    """Vectors of a few texts by their keys; NotEmbedded."""
    found: dict[str, Vectors] = {}
    for kind in Kind:
        alike = [text for text in part if text.kind is kind]
        if alike:
            said = [text.text for text in alike]
            rows = _model.submit(embedder.embed, said, kind, timeout=SECONDS_A_CALL).result()
            found |= {text.key: row for text, row in zip(alike, rows, strict=True)}
    return found


def _is_wanted(work: Work) -> bool:
    """Whether the tenant still has that embedder: a work of minutes must not outlive a setting."""
    chosen = embedder_of(work.tenant)
    return chosen is not None and chosen.model == work.embedder.model


def _leave(worker: str) -> None:
    """Let it be taken up again at once, should it be wanted again."""
    Progress.objects.filter(worker=worker).update(lease_until=None)


def _parts(missing: list[texts.Text]) -> Iterator[list[texts.Text]]:
    for start in range(0, len(missing), AT_ONCE):
        yield missing[start : start + AT_ONCE]


def _claim(work: Work, worker: str) -> bool:
    Progress.objects.get_or_create(tenant=work.tenant)
    now = timezone.now()
    free = Progress.objects.filter(Q(lease_until=None) | Q(lease_until__lt=now))
    return bool(
        free.update(
            worker=worker, lease_until=now + LEASE, model=work.embedder.model, updated_at=now
        )
    )


def _tell(work: Work, worker: str, **changes: object) -> None:
    """How far it is, and that somebody is at it; Lost if that is not us any more."""
    now = timezone.now()
    held = Progress.objects.filter(worker=worker, model=work.embedder.model)
    if not held.update(lease_until=now + LEASE, updated_at=now, error="", **changes):
        raise Lost


def _shown(work: Work) -> Work:
    """Let every process search with what there is, unless something was published meanwhile."""
    token = public_id()
    if Edition.objects.filter(token=work.edition).update(token=token):
        return replace(work, edition=token)
    return work


@transaction.atomic
def _finish(work: Work, worker: str, needed: dict[str, texts.Text]) -> None:
    """Let every process search with it; if something was published meanwhile, begin again."""
    token = public_id()
    current = Edition.objects.filter(token=work.edition).update(token=token)
    store.forget(work.embedder.model, needed)
    _tell(work, worker, **({"edition": token, "done": len(needed)} if current else {}))
    _leave(worker)


def _release(work: Work, *, error: str) -> None:
    """Leave it until the lease ends: what failed just now would fail again."""
    with tenant_scope(work.tenant):
        Progress.objects.filter(worker=_WORKER).update(error=error[:300], updated_at=timezone.now())
