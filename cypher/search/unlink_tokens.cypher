// Let tokens no longer lead to customers.
// params: rows
// mode: write
// row: none
UNWIND $rows AS row
MATCH (c:Customer {id: row.customer})
USING INDEX SEEK c:Customer(id)
MATCH (t:Token {key: row.token})
USING INDEX SEEK t:Token(key)
MATCH (c)-[led:FOUND_BY]->(t)
SET t.count = t.count - 1
DELETE led
