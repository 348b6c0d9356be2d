// Customers of whom something newer is known than before, and whose profiles are the same.
// params: rows
// mode: write
// row: none
UNWIND $rows AS row
MATCH (c:Customer {id: row.id})
USING INDEX SEEK c:Customer(id)
WHERE c.lastSeen < row.lastSeen
SET c.lastSeen = row.lastSeen, c.bySeen = row.bySeen + right('0000000000' + toString(c.number), 10)
