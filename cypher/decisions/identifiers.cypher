// The identifiers that decisions are about.
// params: ids
// mode: read
// row: wanted, key
UNWIND $ids AS wanted
MATCH (x:Decision {id: wanted})
USING INDEX SEEK x:Decision(id)
MATCH (x)-[:DECIDES]->(i:Identifier)
RETURN wanted, i.key AS key
