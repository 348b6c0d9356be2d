"""Data sets: what other people's programs and customers did, dealt to ours by their positions."""

from collections.abc import Collection, Iterator, Mapping
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

    clicks: Mapping[int, list[Click]]
    cds: Mapping[int, list[CdOrder]]
    baskets: Mapping[int, list[Basket]]
    mails: Mapping[int, list[Mail]]

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
        """What somebody did that is in the data sets."""
        position = resident.position
        yield from visitor(resident, self.clicks.get(position, []), seed)
        yield from cds(resident, self.cds.get(position, []), seed)
        yield from baskets(resident, self.baskets.get(position, []), seed)
        yield from mails(resident, self.mails.get(position, []), seed)
