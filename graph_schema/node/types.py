"""Node: what Relay, Apollo and urql know things by."""

import strawberry

IDS = "cus_…, prf_…, idn_…, dev_…, int_…, hh_…, chg_…"


@strawberry.interface(description=f"Something with an id that says what it is: {IDS}.")
class Node:
    """A node."""

    id: strawberry.ID
