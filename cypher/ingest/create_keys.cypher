// Give profiles their new blocking keys. As with links, the writer knows that they are new.
// params: rows, now
// mode: write
// row: none
UNWIND $rows AS row
MERGE (p:Profile {key: row.profile})
MERGE (i:Identifier {key: row.identifier})
CREATE (p)-[:HAS_KEY {key: row.key, recordedAt: $now}]->(i)
