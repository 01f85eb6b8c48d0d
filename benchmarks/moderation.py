"""What moderation costs: building a matcher, scanning a message, masking a line of the log.

python -m benchmarks.moderation
"""

import random
import timeit
from collections.abc import Callable

from chatbot.moderation import personal_data
from chatbot.moderation.matcher import Matcher, Word

WORDS, CHARACTERS, LENGTH = 20_000, 20_000, 800
LINE = "POST /api/v1/sessions/8omvyEQHVJLOAlvRVEpIww/messages 201 2026-11-23T00:03:55.922776Z"


def main() -> None:
    chance = random.Random(5)  # noqa: S311 - that can be replayed

    def text(length: int) -> str:
        return "".join(chr(0x4E00 + chance.randrange(CHARACTERS)) for _ in range(length))

    everyone = frozenset({"customer"})
    words = [Word(text(chance.randint(2, 6)), "other", "mask", everyone) for _ in range(WORDS)]
    matcher = Matcher(words)
    chinese, english = text(LENGTH), ("Where is my parcel? It was sent on Monday. " * 20)[:LENGTH]
    hit = chinese[:400] + words[7].text + chinese[400:]
    tell(f"build {WORDS} words", lambda: Matcher(words), 3)
    tell(f"scan {LENGTH} Chinese characters", lambda: matcher.find(chinese, "customer"))
    tell(f"scan {LENGTH} English characters", lambda: matcher.find(english, "customer"))
    tell("the same with a hit in it", lambda: matcher.find(hit, "customer"))
    tell("personal data in them", lambda: personal_data.mask(chinese))
    tell("personal data in a log line", lambda: personal_data.mask(LINE))


def tell(what: str, act: Callable[[], object], times: int = 200) -> None:
    act()
    best = min(timeit.repeat(act, number=times, repeat=5)) / times
    print(f"{what:32} {best * 1000:9.4f} ms")


if __name__ == "__main__":
    main()
