// The customers of profiles that called on some days and were not called back by it, those of the earliest numbers
// first where there are too many, with what their profiles tell of tickets, calls and orders. `found` counts the profiles.
// params: days, most
// mode: read
// row: see the fragment
// then: desk/waiting
UNWIND $days AS day
MATCH (p:Profile {calledOn: day})
USING INDEX SEEK p:Profile(calledOn)
WITH p
ORDER BY p.calledOn, p.number
LIMIT $most
WITH collect(p) AS waiting
