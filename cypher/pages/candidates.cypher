// Open customers of a list, between two places of an order, with where each stands.
// params: ids, after, before
// names: key = number | byName | bySeen | byOrders | byPurchase | byTickets
// mode: fragment
// row: c, place
UNWIND $ids AS wanted
MATCH (c:Customer {id: wanted})
USING INDEX SEEK c:Customer(id)
WHERE c.<key> > $after AND c.<key> < $before
WITH c, c.<key> AS place
