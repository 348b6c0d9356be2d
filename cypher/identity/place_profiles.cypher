// Put new profiles into their customers.
// params: rows, now
// mode: write
// row: none
UNWIND $rows AS row
MERGE (p:Profile {key: row.profile})
MERGE (c:Customer {id: row.customer})
MERGE (p)-[b:BELONGS_TO {key: row.profile}]->(c)
SET b.since = $now
