"""About: the profile that somebody writes about, by a customer's id or by its own name."""

from dataclasses import dataclass

from customers.decisions.asked import ProfileRef, Refused, RefusedError
from customers.identity.component import Member, Run, of_profiles, with_id
from customers.principal import Principal


@dataclass(frozen=True, slots=True)
class About:
    """A customer, any id of it, and if `profile` is given one of its profiles."""

    customer: str | None
    profile: ProfileRef | None = None

    def check_named(self, principal: Principal) -> None:
        """Refuse a profile that is named by what stands for identifiers the caller does not see.

        Raises:
            MaskedError
        """
        if self.profile is not None:
            self.profile.check(principal)


async def find(run: Run, about: About) -> Member:
    """The profile: the one that is named, else the one that the customer's id is of.

    What is written about it goes where it goes, whoever its customer is later.

    Raises:
        RefusedError: there is no such customer or profile, or it is another customer's.
    """
    named = await _named(run, about.profile) if about.profile else None
    if about.customer is None:
        assert named is not None  # noqa: S101 - the doors ask for one of them
        return named
    found = await with_id(run, about.customer)
    if not found:
        raise RefusedError(
            Refused("CUSTOMER_UNKNOWN", "There is no such customer.", ("customerId",))
        )
    [anchor] = found.values()
    if named is not None and named.customer != anchor.customer:
        raise RefusedError(
            Refused("ANOTHER_CUSTOMER", "The profile is not one of this customer's.", ("profile",))
        )
    return named or anchor


async def _named(run: Run, ref: ProfileRef) -> Member:
    keys, born = ({ref.key} if ref.key else ()), ({ref.born} if ref.born else ())
    found = await of_profiles(run, keys, born)
    if not found:
        raise RefusedError(Refused("PROFILE_UNKNOWN", "There is no such profile.", ("profile",)))
    [one] = found.values()
    return one
