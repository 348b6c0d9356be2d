// Let tokens no longer lead to customers. Both ends are there: MERGE seeks them.
// params: rows
// mode: write
// row: none
UNWIND $rows AS row
MERGE (c:Customer {id: row.customer})
MERGE (t:Token {key: row.token})
WITH c, t
MATCH (c)-[led:FOUND_BY]->(t)
SET t.count = t.count - 1
DELETE led
