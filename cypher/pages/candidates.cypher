// Open customers of a list, between two places of an order.
// params: ids, after, before
// names: key = number | byName | bySeen
// mode: fragment
// row: c
UNWIND $ids AS wanted
MATCH (c:Customer {id: wanted})
USING INDEX SEEK c:Customer(id)
WHERE c.<key> > $after AND c.<key> < $before
WITH c
