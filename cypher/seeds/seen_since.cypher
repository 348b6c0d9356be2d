// Customers who were last seen at a time or later.
// params: value
// mode: fragment
// row: none
MATCH (c:Customer)
USING INDEX SEEK c:Customer(bySeen)
WHERE c.bySeen >= $value
