"""Whether an answer recites the instructions it was given; in pieces, as it is written. Pure.

Compared letter by letter: case, spaces, punctuation and marks make no difference. A translation or
a code does: what must stay a secret has no place in instructions.
"""

import json
import unicodedata
from collections import deque
from contextlib import suppress

# In letters; a Chinese character says as much as three.
LONGEST = 120  # of the instructions in one answer: about 24 words
NOTICED = 24  # shorter pieces are common phrases; from here on a piece is held back
_ONE_CHARACTER = 3


class Recited(Exception):
    """The answer holds a long piece of the instructions."""


class Recital:
    """Watches one answer. `secret` are the instructions; what `public` says too may be repeated."""

    def __init__(self, secret: str, public: str = "") -> None:
        self._secret, self._public = _letters(secret), _letters(public)
        self._held = ""  # text that is not shown yet
        self._run = ""  # the letters at its end that stand in the secret like this
        self._places: deque[int] = deque()  # where in `_held` each of them stands
        self._before = 0  # what earlier runs came to

    def feed(self, delta: str) -> str:
        """What may be shown now that this piece has come; Recited if nothing of it may."""
        for character in delta:
            self._held += character
            for letter in _letters(character):
                self._read(letter)
        if not self._weight():
            return self.close()
        return self._release(max(0, self._places[0]))  # less than 0: its beginning was shown

    def close(self) -> str:
        """The rest, once nothing more comes."""
        return self._release(len(self._held))

    def _read(self, letter: str) -> None:
        run = self._run + letter
        self._places.append(len(self._held) - 1)
        if run not in self._secret:
            self._before += self._weight()
        while run not in self._secret:
            run = run[1:]
            self._places.popleft()
        self._run = run
        if self._before + self._weight() >= LONGEST:
            raise Recited

    def _weight(self) -> int:
        """Of the run, if it is one to be noticed."""
        if len(self._run) * _ONE_CHARACTER < NOTICED:
            return 0
        weight = sum(_ONE_CHARACTER if letter > "\u2e80" else 1 for letter in self._run)
        return 0 if weight < NOTICED or self._run in self._public else weight

    def _release(self, until: int) -> str:
        shown, self._held = self._held[:until], self._held[until:]
        self._places = deque(place - until for place in self._places)
        return shown


def recites_in(arguments: str, secret: str) -> bool:
    """Whether the arguments of a tool do; they are JSON, perhaps broken."""
    with suppress(ValueError, RecursionError):
        arguments = json.dumps(json.loads(arguments), ensure_ascii=False)
    try:
        Recital(secret).feed(arguments)
    except Recited:
        return True
    return False


def _letters(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(letter for letter in plain if letter.isalnum())
