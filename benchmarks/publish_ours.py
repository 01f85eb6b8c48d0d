"""Our publisher: one event a transaction, from a process that serves nobody.

python -m benchmarks.publish_ours SESSION LOG
"""

import sys

import django

django.setup(set_prefix=False)

from django.db import transaction  # noqa: E402 - needs the app registry

from benchmarks import publishers, stamps  # noqa: E402 - likewise
from realtime import publish  # noqa: E402 - likewise

session, log = sys.argv[1:]


def send(stamp: int) -> int:
    """When it had committed: the first thing to run after the commit, before the doorbell."""
    committed: list[int] = []
    with transaction.atomic():
        transaction.on_commit(lambda: committed.append(stamps.now()))
        publish.to_session(session, "benchmark", stamps.payload(stamp), source="system", log=log)
    return committed[0]


publishers.serve(send)
