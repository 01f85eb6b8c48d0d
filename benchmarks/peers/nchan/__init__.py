"""nchan, a pub/sub module for nginx, in C; its own memory, one worker."""

from pathlib import Path

MODULES = ("/usr/lib/nginx/modules", "/usr/lib64/nginx/modules", "/usr/local/nginx/modules")


def module() -> Path | None:
    """The installed module, or None."""
    found = (Path(folder) / "ngx_nchan_module.so" for folder in MODULES)
    return next((path for path in found if path.exists()), None)
