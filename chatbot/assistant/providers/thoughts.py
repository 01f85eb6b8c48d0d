"""Some servers stream a model's thinking as text before its answer, in <think> and </think>."""

OPENS, CLOSES = "<think>", "</think>"


class Thoughts:
    """Takes a leading thought out of a stream of text."""

    def __init__(self) -> None:
        self._held = ""
        self._over = False

    def feed(self, text: str) -> str:
        """What of it is meant to be read; "" while that is not known."""
        if self._over:
            return text
        self._held += text
        begun = self._held.lstrip()
        if OPENS.startswith(begun[: len(OPENS)]):
            return self._after_thought(begun)
        self._over = True
        return self._held

    def close(self) -> str:
        """What was held back and is no thought."""
        held, self._held = self._held, ""
        return "" if self._over or held.lstrip().startswith(OPENS) else held

    def _after_thought(self, begun: str) -> str:
        if CLOSES not in begun:
            return ""
        self._over = True
        return begun.partition(CLOSES)[2].lstrip()
