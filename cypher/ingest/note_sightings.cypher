// Note at profiles their purchases whose order number another source has too, so that a customer's are found
// without looking through all that it did.
// params: rows
// mode: write
// row: none
UNWIND $rows AS row
MERGE (p:Profile {key: row.profile})
MERGE (n:Interaction {key: row.key})
CREATE (p)-[:SIGHTED {key: row.key}]->(n)
