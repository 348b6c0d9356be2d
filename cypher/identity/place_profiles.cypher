// Put new profiles into their customers.
// params: rows, now
// mode: write
// row: none
UNWIND $rows AS row
MERGE (p:Profile {key: row.profile})
MERGE (c:Customer {id: row.customer})
CREATE (p)-[:BELONGS_TO {key: row.profile, since: $now}]->(c)
