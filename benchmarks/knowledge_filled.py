"""Fills the demo tenant's knowledge base; prints the titles of its articles as JSON.

python -m benchmarks.knowledge_filled PASSAGES BY

The texts are of the size and the words of real ones, and mean nothing. BY is how it is searched:
`keyword`, or `offline`, for which every passage gets a vector of chance: what a search costs does
not depend on where it points, and real ones would take a quarter of an hour.
"""

import json
import random
import sys
import time

import django

django.setup(set_prefix=False)

import numpy as np  # noqa: E402 - needs the app registry, as what follows
from django.contrib.auth import get_user_model  # noqa: E402

from chatbot.assistant.embedded import phrases  # noqa: E402
from chatbot.assistant.runtime_settings import HandoffSettings  # noqa: E402
from chatbot.evaluation.files import SHIPPED, read  # noqa: E402
from chatbot.knowledge.embedders import store, texts  # noqa: E402
from chatbot.knowledge.embedders.embedding import Vectors  # noqa: E402
from chatbot.knowledge.embedders.everyday import languages  # noqa: E402
from chatbot.knowledge.embedders.offline import OfflineEmbedder  # noqa: E402
from chatbot.knowledge.embedders.runtime_settings import SearchSettings  # noqa: E402
from chatbot.knowledge.indexing import needed_texts  # noqa: E402
from chatbot.knowledge.models import Article, Edition, Passage  # noqa: E402
from chatplatform.configuration.services import change  # noqa: E402
from chatplatform.kernel.scoping import all_tenants, tenant_scope  # noqa: E402
from chatplatform.tenants.models import Tenant  # noqa: E402

EACH = 4  # passages an article
SENTENCES = 4  # a passage
DIMENSIONS = 384

count, by = int(sys.argv[1]), sys.argv[2]
chance = random.Random(7)  # noqa: S311 - the same texts in every run
shop = [
    article
    for article in read(SHIPPED / "shop_faq.json").articles
    if article.language == "en" and phrases.recognise(article.title) is None
]


def title(number: int) -> str:
    """As many as articles, each answered by one."""
    return f"{shop[number % len(shop)].title} (item kx{number})"


def write(tenant: Tenant) -> None:
    """So many passages, at once: through the service it would take minutes."""
    articles = [
        Article(
            tenant=tenant,
            title=title(number),
            language="en",
            category="Benchmark",
            wordings="",
            body="-",
            slug=f"benchmark-{number}",
        )
        for number in range(count // EACH)
    ]
    made = Article.objects.bulk_create(articles, batch_size=200)
    passages = [
        Passage(
            tenant=tenant,
            article=article,
            heading="",
            text=" ".join(article.text for article in chance.sample(shop, SENTENCES)),
            ordinal=ordinal,
            content_hash=f"{article.pk}-{ordinal}",
        )
        for article in made
        for ordinal in range(EACH)
    ]
    Passage.objects.bulk_create(passages, batch_size=200)
    Edition.renew(tenant)


def embed(tenant: Tenant) -> None:
    """A vector for every text; real ones for titles, and for what is usual in a language."""
    embedder = OfflineEmbedder()
    usual = [text for each in languages() for row in texts.usual(each) for text in row]
    ours = [texts.asked(title(number)) for number in range(count // EACH)]
    real = {t.key: embedder.embed([t.text], t.kind, timeout=9)[0] for t in (*usual, *ours)}
    rows = np.random.default_rng(7)
    by_chance: dict[str, Vectors] = {
        key: (rows.standard_normal(DIMENSIONS) / 20).astype(np.float32)
        for key in needed_texts().keys() - real.keys()
    }
    store.store(tenant, embedder.model, {**real, **by_chance})


with all_tenants():
    tenant = Tenant.objects.get(slug="demo")
    operator = get_user_model().objects.create_superuser("benchmark")
# nobody is handed over to a person, who would be slower
never = {"unsure": "off", "turns": "off"}
change(group=HandoffSettings, values=never, by=operator, tenant=tenant)
change(group=SearchSettings, values={"by": "keyword"}, by=operator, tenant=tenant)
time.sleep(5)  # until nobody embeds any more what is written next
with tenant_scope(tenant):
    write(tenant)
    if by == "offline":
        embed(tenant)
        change(group=SearchSettings, values={"by": by}, by=operator, tenant=tenant)
    print(json.dumps([title(number) for number in range(count // EACH)]))
