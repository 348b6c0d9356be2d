// Put customers into their households, or out of any. Their answers change, and so their versions do.
// params: rows
// mode: write
// row: none
UNWIND $rows AS row
MATCH (c:Customer {id: row.customer})
USING INDEX SEEK c:Customer(id)
SET c += {household: row.household, version: c.version + 1}
WITH c, row
OPTIONAL MATCH (c)-[old:LIVES_IN]->(:Household)
DELETE old
FOREACH (id IN CASE WHEN row.household IS NULL THEN [] ELSE [row.household] END |
  MERGE (h:Household {id: id})
  CREATE (c)-[:LIVES_IN {key: row.customer}]->(h))
