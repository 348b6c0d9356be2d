"""Names: what customers of a recency, frequency and monetary score are called."""

from enum import Enum
from typing import NamedTuple

SCORES = range(1, 6)


class RfmName(Enum):
    """What to think of a customer first; the table is `GRID`."""

    CHAMPION = "champion"
    LOYAL = "loyal"
    POTENTIAL = "potential"
    NEW = "new"
    PROMISING = "promising"
    NEEDS_ATTENTION = "needs attention"
    FADING = "fading"
    AT_RISK = "at risk"
    CANNOT_LOSE = "cannot lose"
    ASLEEP = "asleep"
    LOST = "lost"


class Scores(NamedTuple):
    """Recency, frequency and monetary score, 1 to 5 each; 5 is the latest, the most, the most."""

    recency: int
    frequency: int
    monetary: int

    @property
    def digits(self) -> str:
        """The class as it is written: 545."""
        return f"{self.recency}{self.frequency}{self.monetary}"

    @property
    def name(self) -> RfmName:
        """What it is called: by recency, and the mean of the other two, a half rounded up."""
        return GRID[self.recency - 1][(self.frequency + self.monetary + 1) // 2 - 1]


_N = RfmName
# A row for each recency, from the fifth that has not been here for longest; in it from the fifth
# that buys least to the one that buys most.
GRID = (
    (_N.LOST, _N.LOST, _N.AT_RISK, _N.CANNOT_LOSE, _N.CANNOT_LOSE),
    (_N.ASLEEP, _N.ASLEEP, _N.AT_RISK, _N.AT_RISK, _N.AT_RISK),
    (_N.FADING, _N.NEEDS_ATTENTION, _N.NEEDS_ATTENTION, _N.LOYAL, _N.LOYAL),
    (_N.PROMISING, _N.POTENTIAL, _N.LOYAL, _N.CHAMPION, _N.CHAMPION),
    (_N.NEW, _N.POTENTIAL, _N.LOYAL, _N.CHAMPION, _N.CHAMPION),
)
EVERY = tuple(Scores(r, f, m) for r in SCORES for f in SCORES for m in SCORES)
