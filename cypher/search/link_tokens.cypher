// Let tokens lead to customers. The writer, whose turn it is, knows that they do not yet.
// params: rows
// mode: write
// row: none
UNWIND $rows AS row
MERGE (t:Token {key: row.token})
ON CREATE SET t.start = row.start, t.count = 0
SET t.count = t.count + size(row.customers)
WITH t, row
UNWIND row.customers AS id
MERGE (c:Customer {id: id})
CREATE (c)-[:FOUND_BY]->(t)
