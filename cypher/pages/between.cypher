// Customers between two places of an order.
// params: after, before
// names: key = byName | bySeen
// mode: fragment
// row: c
MATCH (c:Customer)
USING INDEX SEEK c:Customer(<key>)
WHERE c.<key> > $after AND c.<key> < $before
WITH c
