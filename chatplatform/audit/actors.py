from dataclasses import dataclass


@dataclass(frozen=True)
class Actor:
    """Who did it: `kind` is customer, ai, agent, system or user; `label` reads well in a list."""

    kind: str
    id: str = ""
    label: str = ""


SYSTEM = Actor("system", label="system")
