// Customers of a list, between two places of the order by what they spent in a currency, with where each stands.
// params: ids, after, before
// mode: fragment
// row: c, place
UNWIND $ids AS wanted
MATCH (c:Customer {id: wanted})
USING INDEX SEEK c:Customer(id)
MATCH (c)-[:SPENT]->(s:Spend)
WHERE s.place > $after AND s.place < $before
WITH c, s.place AS place
