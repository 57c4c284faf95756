"""Chance by counting: what is drawn for a person follows from the seed, the name of the draw and the person's number.

Philox gives the n-th number without the ones before it, and its raw numbers are the same in every version of numpy on
every machine (NEP 19); so a register is the same however it is cut into slices. Nothing else of numpy's chance is used.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Mask = NDArray[np.bool_]

BLOCK = 4
"""Numbers that Philox makes at once: slices begin at multiples of it."""


@dataclass(frozen=True)
class RandomDraws:
    """The draws of some persons: `members` are their places in the slice of `count` persons that begins at `first`."""

    seed: int
    first: int
    count: int
    members: Ints

    def __len__(self) -> int:
        return len(self.members)

    @property
    def numbers(self) -> Ints:
        """The numbers of the persons in the register, from 0."""
        return self.first + self.members

    def among(self, mask: Mask) -> RandomDraws:
        """Return the draws of those for whom `mask` is true."""
        return RandomDraws(self.seed, self.first, self.count, self.members[mask])

    def uniform(self, *name: object) -> Floats:
        """Return a number from 0 up to 1 for each person."""
        import numpy as np
        from numpy.random import Philox

        written = "/".join(map(str, (self.seed, *name)))
        key = int.from_bytes(hashlib.sha256(written.encode()).digest()[:16], "big")
        stream = Philox(key=key)
        stream.advance(self.first // BLOCK)
        raw: Any = stream.random_raw(self.count)
        return np.asarray((raw[self.members] >> np.uint64(11)) * 2.0**-53, dtype=np.float64)

    def happens(self, per: int, of: int, *name: object) -> Mask:
        """Return for whom it happens: for `per` of `of` persons."""
        import numpy as np

        if per <= 0:
            return np.zeros(len(self), dtype=np.bool_)
        return self.uniform(*name) * of < per

    def days(self, low: int, high: int, *name: object) -> Ints:
        """Return whole numbers from `low` to `high`, both included."""
        import numpy as np

        if low == high:
            return np.full(len(self), low, dtype=np.int64)
        return low + (self.uniform(*name) * (high - low + 1)).astype(np.int64)

    def spans(self, spans: tuple[tuple[int, int, int], ...], *name: object) -> Ints:
        """Return whole numbers from spans, each drawn by its weight."""
        import numpy as np

        if len(spans) == 1:
            return self.days(spans[0][0], spans[0][1], *name)
        at = pick(steps([weight for _, _, weight in spans]), self.uniform(*name, "span"))
        low, high = (np.array([span[end] for span in spans], dtype=np.int64)[at] for end in (0, 1))
        return low + (self.uniform(*name) * (high - low + 1)).astype(np.int64)


def steps(weights: object) -> Floats:
    """Return weights as the upper bounds, up to 1, of the numbers that mean them."""
    import numpy as np

    cumulated = np.cumsum(np.asarray(weights, dtype=np.float64))
    return np.asarray(cumulated / cumulated[-1], dtype=np.float64)


def pick(bounds: Floats, drawn: Floats) -> Ints:
    """Return the place of each drawn number among the bounds; what has no weight is never picked."""
    import numpy as np

    return np.searchsorted(bounds, drawn, side="right").astype(np.int64)
