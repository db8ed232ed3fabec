"""CPU work that a reader recognises, done in pure Python except for hashing.

Every task is a small frozen record with a size; calling it does the work. It ticks after each chunk of about
50 us (see `helpers.timeline.record.ticker`), so a recording can tell running from waiting for the GIL.
"""

import hashlib
from collections import Counter
from dataclasses import dataclass

from helpers.timeline.record import ticker
from helpers.timeline.sizes import require

_TEXT = """one cook minds three pots and stirs whichever needs it while the others simmer
three cooks with a dish each finish three dishes in the time of the slowest one
a cook who waits for the oven may chop onions but an oven cannot chop anything
two cooks who share one knife take turns and each turn begins with a wait""".splitlines()
_CANDIDATES_A_TICK = 64
_BLOCK = bytes(64 * 1024)


@dataclass(frozen=True, slots=True)
class CountPrimes:
    """Count the primes below `limit` by trial division."""

    limit: int = 20_000

    def __post_init__(self) -> None:
        require(0, whole=True, limit=self.limit)

    def __str__(self) -> str:
        return f"primes below {self.limit:,}"

    def __call__(self) -> int:
        """Return how many primes there are below the limit."""
        tick = ticker()
        primes = int(self.limit > 2)  # 2 is the only even one
        for candidate in range(3, self.limit, 2):
            divisor = 3
            while divisor * divisor <= candidate and candidate % divisor:
                divisor += 2
            primes += divisor * divisor > candidate
            if candidate % (2 * _CANDIDATES_A_TICK) == 1:
                tick()
        return primes


@dataclass(frozen=True, slots=True)
class BlurImage:
    """Blur a grey image of `side` x `side` pixels: each becomes the mean of its 3 x 3 neighbourhood."""

    side: int = 128

    def __post_init__(self) -> None:
        require(0, whole=True, side=self.side)

    def __str__(self) -> str:
        return f"blur {self.side} x {self.side}"

    def image(self) -> list[list[int]]:
        """Return the sharp image: diagonal stripes, brightness 0 to 255."""
        return [[(x + y) * 16 % 256 for x in range(self.side)] for y in range(self.side)]

    def __call__(self) -> list[list[int]]:
        """Return the blurred image, without the border of one pixel that has no full neighbourhood."""
        tick = ticker()
        image = self.image()
        blurred = []
        for above, row, below in zip(image, image[1:], image[2:], strict=False):
            columns = [a + b + c for a, b, c in zip(above, row, below, strict=True)]
            blurred.append([(a + b + c) // 9 for a, b, c in zip(columns, columns[1:], columns[2:], strict=False)])
            tick()
        return blurred


@dataclass(frozen=True, slots=True)
class HashBlocks:
    """Hash `blocks` blocks of 64 KiB with SHA-256; `hashlib` lets go of the GIL while it hashes."""

    blocks: int = 500

    def __post_init__(self) -> None:
        require(0, whole=True, blocks=self.blocks)

    def __str__(self) -> str:
        return f"hash {self.blocks:,} blocks"

    def __call__(self) -> str:
        """Return the digest of all blocks, in hexadecimal."""
        tick = ticker()
        digest = hashlib.sha256()
        for number in range(self.blocks):
            digest.update(_BLOCK)
            if number % 2:
                tick()
        return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class CountWords:
    """Count the words of a text of `lines` lines."""

    lines: int = 20_000

    def __post_init__(self) -> None:
        require(0, whole=True, lines=self.lines)

    def __str__(self) -> str:
        return f"words of {self.lines:,} lines"

    def __call__(self) -> Counter[str]:
        """Return how often each word occurs."""
        tick = ticker()
        words: Counter[str] = Counter()
        for number in range(self.lines):
            words.update(_TEXT[number % len(_TEXT)].split())
            if number % 32 == 0:
                tick()
        return words
