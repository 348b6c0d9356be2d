// Profiles by key or by the customer id that they were born with, as resolution knows them, without those that were
// erased.
// params: profiles, ids
// mode: read
// row: see the fragment
// then: identity/members
CALL () {
  UNWIND $profiles AS wanted
  MATCH (p:Profile {key: wanted})
  USING INDEX SEEK p:Profile(key)
  RETURN p
  UNION
  UNWIND $ids AS wanted
  MATCH (p:Profile {customerId: wanted})
  USING INDEX SEEK p:Profile(customerId)
  RETURN p
}
WITH p
WHERE p.deletedAt IS NULL OR p.lastSeen > p.deletedAt
WITH p
