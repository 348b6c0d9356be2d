"""Rules: what a server takes from a caller, whatever it asks for."""

from dataclasses import dataclass, field

from graph_schema.budget import Budget
from graph_schema.trusted import Trusted

MAX_COST = 100_000
MAX_LISTED = 20_000
# A text that is no valid operation costs its check, and so do guesses.
REFUSED_POINTS = 10


@dataclass(frozen=True, slots=True)
class Rules:
    """`max_cost` points, `max_listed` objects; `budget` a minute, none is as much as one likes.

    In `production` a caller learns nothing of the schema that it does not know.
    """

    max_cost: int = MAX_COST
    max_listed: int = MAX_LISTED
    budget: Budget | None = None
    production: bool = False
    trusted: Trusted = field(default_factory=Trusted)
