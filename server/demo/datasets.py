"""Data sets: what other people's programs and customers did, dealt to ours by their positions."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Self

from server.demo.baskets import Basket, baskets, baskets_of
from server.demo.cds import CdOrder, cd_orders_of, cds
from server.demo.homes import Resident
from server.demo.mails import Mail, mails, mails_of
from server.demo.sighting import Sighting
from server.demo.visitors import Click, clicks_of, visitor


@dataclass(frozen=True, slots=True)
class DataSets:
    """What was dealt to whom; who got nothing is not named."""

    clicks: dict[int, list[Click]]
    cds: dict[int, list[CdOrder]]
    baskets: dict[int, list[Basket]]
    mails: dict[int, list[Mail]]

    @classmethod
    def of(cls, positions: Collection[int]) -> Self:
        """What these have.

        Raises:
            DemoDataError
        """
        return cls(
            clicks_of(positions),
            cd_orders_of(positions),
            baskets_of(positions),
            mails_of(positions),
        )

    def life(self, resident: Resident, seed: int) -> Iterator[Sighting]:
        """What somebody did that is in the data sets; it is told once, and let go."""
        position = resident.position
        yield from visitor(resident, self.clicks.pop(position, []), seed)
        yield from cds(resident, self.cds.pop(position, []), seed)
        yield from baskets(resident, self.baskets.pop(position, []), seed)
        yield from mails(resident, self.mails.pop(position, []), seed)
