"""Where the assistant reads and writes: threads of its own, so that a burst of questions and a
thousand streams that come back do not wait for each other."""

from django.conf import settings

from realtime.threads import Threads

in_thread = Threads(settings.ASSISTANT_THREADS, "assistant").run
