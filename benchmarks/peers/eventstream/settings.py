"""As django-eventstream's own documentation has it, without its storage: nothing is kept."""

import os

SECRET_KEY = "benchmark"  # noqa: S105 - nothing is signed with it
ALLOWED_HOSTS = ["*"]
INSTALLED_APPS = ["django_eventstream"]
ROOT_URLCONF = "benchmarks.peers.eventstream.app"
EVENTSTREAM_REDIS = {"unix_socket_path": os.environ["BENCHMARK_REDIS"].removeprefix("unix://")}
