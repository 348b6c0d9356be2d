// Customers between two places of an order.
// params: after, before
// names: key = byName | bySeen
// mode: fragment
// row: c
MATCH (c:Customer)
WHERE c.<key> > $after AND c.<key> < $before
WITH c
