// One hop of a component along what people decided: the profiles that decisions are about, without those that were
// erased.
// params: decisions
// mode: read
// row: see the fragment
// then: identity/members
UNWIND $decisions AS wanted
MATCH (x:Decision {id: wanted})
USING INDEX SEEK x:Decision(id)
MATCH (x)-[:DECIDES]->(p:Profile)
WHERE p.deletedAt IS NULL OR p.lastSeen > p.deletedAt
WITH DISTINCT p
