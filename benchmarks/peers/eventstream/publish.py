"""`send_event`."""

import django

django.setup()

from django_eventstream import send_event  # noqa: E402 - reads the settings

from benchmarks import publishers, stamps  # noqa: E402 - likewise

publishers.serve(
    lambda stamp: send_event("benchmark", "benchmark", stamps.envelope(stamp), json_encode=False)
)
