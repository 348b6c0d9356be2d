"""Report: what became of a file."""

from dataclasses import dataclass, field

from customers.ingest.prepare import Refused
from customers.ingest.queue import Outcome, Rejected


@dataclass(slots=True)
class Report:
    """What became of a file; `known` records were in already, `refused` counts values by reason.

    `resumed` of the records were read by an import that was cut off and that this one goes on with.
    """

    read: int = 0
    written: int = 0
    known: int = 0
    rejected: int = 0
    refused: dict[str, int] = field(default_factory=dict)
    resumed: int = 0
    seconds: float = 0.0

    def count(self, outcome: Outcome) -> None:
        """Take in what became of one record."""
        self.read += 1
        if isinstance(outcome, Rejected):
            self.rejected += 1
            return
        self.known += outcome.known
        self.written += not outcome.known
        for one in outcome.refused:
            self.count_refused(one)

    def count_refused(self, one: Refused) -> None:
        """Take in a value that was not taken."""
        reason = f"{one.what}: {one.reason}"
        self.refused[reason] = self.refused.get(reason, 0) + 1
