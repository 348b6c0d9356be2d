// Customers between two places of the order by what they spent in a currency, with where each stands.
// params: after, before
// mode: fragment
// row: c, place
MATCH (s:Spend)
USING INDEX SEEK s:Spend(place)
WHERE s.place > $after AND s.place < $before
MATCH (s)<-[:SPENT]-(c:Customer)
WITH c, s.place AS place
