// The profiles that decisions are about, the erased ones too.
// params: ids
// mode: read
// row: decision, profile
UNWIND $ids AS wanted
MATCH (x:Decision {id: wanted})
USING INDEX SEEK x:Decision(id)
MATCH (x)-[:DECIDES]->(p:Profile)
RETURN wanted AS decision, p.key AS profile
