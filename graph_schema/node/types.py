"""Node: what Relay, Apollo and urql know things by."""

import strawberry


@strawberry.interface(
    description="Something with an id that says what it is: cus_…, prf_…, idn_…, dev_…, int_…, "
    "hh_…, chg_…, dec_…, mat_…, lab_…."
)
class Node:
    """A node."""

    id: strawberry.ID
