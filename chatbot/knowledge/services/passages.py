from collections import defaultdict

from chatbot.knowledge import passages
from chatbot.knowledge.models import Article, Passage


def renew_passages(article: Article) -> None:
    """Let the passages follow the text. Those whose words stayed keep their ids: answers refer to
    them. Only what differs is written."""
    kept: defaultdict[str, list[Passage]] = defaultdict(list)
    for passage in Passage.objects.filter(article=article).order_by("-ordinal"):
        kept[passage.content_hash].append(passage)
    new, moved = list[Passage](), list[Passage]()
    for ordinal, section in enumerate(passages.split(article.body)):
        known = kept[section.content_hash]
        passage = known.pop() if known else Passage(tenant=article.tenant, article=article)
        stood = (passage.heading, passage.ordinal)
        passage.heading, passage.text, passage.ordinal = section.heading, section.text, ordinal
        passage.content_hash = section.content_hash
        if passage.pk is None:
            new.append(passage)
        elif stood != (passage.heading, passage.ordinal):
            moved.append(passage)
    Passage.objects.filter(pk__in=[each.pk for left in kept.values() for each in left]).delete()
    Passage.objects.bulk_update(moved, ["heading", "ordinal"], batch_size=100)
    Passage.objects.bulk_create(new)
