// Let tokens no longer lead to customers.
// params: rows
// mode: write
// row: none
UNWIND $rows AS row
MATCH (c:Customer {id: row.customer})
USING INDEX SEEK c:Customer(id)
MATCH (c)-[led:FOUND_BY]->(t:Token)
WHERE t.key = row.token
SET t.count = t.count - 1
DELETE led
