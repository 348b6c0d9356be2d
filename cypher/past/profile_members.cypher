// Profiles by key or by the customer id that they were born with, as resolution knew them as of a recorded time.
// params: profiles, ids, asOf
// mode: read
// row: see the fragment
// then: past/members
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
WHERE p.recordedAt <= $asOf
WITH p
