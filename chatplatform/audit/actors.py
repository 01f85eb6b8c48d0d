from dataclasses import dataclass


@dataclass(frozen=True)
class Actor:
    """Who did it: `kind` is customer, ai, agent, system or user, `id` the key of whoever has one.

    `label` is a name as its bearer writes it. What has no name of its own has no label: its kind
    is said in the reader's language (words.py).
    """

    kind: str
    id: str = ""
    label: str = ""


SYSTEM = Actor("system")
