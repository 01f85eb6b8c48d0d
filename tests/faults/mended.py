"""The same application on a daphne that is mended as our front doors mend it."""

from realtime import daphne
from tests.faults.strange import application

assert daphne.mend(), "no daphne runs us"

__all__ = ["application"]
