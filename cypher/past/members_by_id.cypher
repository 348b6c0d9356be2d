// Profiles by the customer ids that they were given, as resolution knew them as of a recorded time; of one that was
// erased the one that succeeded it.
// params: ids, asOf
// mode: read
// row: see the fragment
// then: past/members
UNWIND $ids AS wanted
MATCH (anchor:Profile {customerId: wanted})
USING INDEX SEEK anchor:Profile(customerId)
OPTIONAL MATCH (anchor)-[:SUCCEEDED_BY]->(heir:Profile)
WITH DISTINCT coalesce(heir, anchor) AS p
WHERE p.recordedAt <= $asOf
WITH p
