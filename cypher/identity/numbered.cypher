// The profiles whose numbers lie in a window, without those that were erased.
// params: after, to
// mode: read
// row: see the fragment
// then: identity/members
UNWIND range($after + 1, $to) AS wanted
MATCH (p:Profile {number: wanted})
USING INDEX SEEK p:Profile(number)
WHERE p.deletedAt IS NULL OR p.lastSeen > p.deletedAt
WITH p
