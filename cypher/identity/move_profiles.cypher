// Move profiles to other customers; where they were before is kept as history.
// params: rows, now
// mode: write
// row: none
UNWIND $rows AS row
MERGE (p:Profile {key: row.profile})
MERGE (c:Customer {id: row.customer})
WITH p, c, row
MATCH (p)-[b:BELONGS_TO]->(old:Customer)
CREATE (p)-[:BELONGED_TO {since: b.since, until: $now}]->(old)
DELETE b
CREATE (p)-[:BELONGS_TO {key: row.profile, since: $now}]->(c)
