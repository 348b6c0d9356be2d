// One hop of a component along what people had decided as of a recorded time: the profiles that decisions are
// about.
// params: decisions, asOf
// mode: read
// row: see the fragment
// then: past/members
UNWIND $decisions AS wanted
MATCH (x:Decision {id: wanted})
USING INDEX SEEK x:Decision(id)
MATCH (x)-[:DECIDES]->(p:Profile)
WHERE p.recordedAt <= $asOf
WITH DISTINCT p
