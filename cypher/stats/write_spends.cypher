// Let customers be found by what they spent in a currency: a node for each, which is dropped with the last of it.
// params: dropped, new, rows
// mode: write
// row: done
UNWIND $dropped AS wanted
MATCH (s:Spend {key: wanted})
USING INDEX SEEK s:Spend(key)
DETACH DELETE s
WITH count(*) AS done
UNWIND $new AS row
MERGE (c:Customer {id: row.customer})
CREATE (c)-[:SPENT]->(s:Spend {key: row.key, place: row.place})
WITH count(*) AS done
UNWIND $rows AS row
MERGE (s:Spend {key: row.key})
SET s.place = row.place
RETURN count(*) AS done
