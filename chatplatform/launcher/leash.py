"""A child that cannot outlive the launcher, even one that was killed with -9."""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1

# looked up before any fork: the child only calls it
_prctl = ctypes.CDLL(None, use_errno=True).prctl if sys.platform == "linux" else None


def die_with(parent: int) -> None:
    """Run in the child between fork and exec: the kernel kills it when `parent` ends.

    Only Linux offers this; elsewhere a launcher killed with -9 leaves its children running.
    """
    if _prctl is None:
        return
    _prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # the parent ended before the call above
        os._exit(1)
