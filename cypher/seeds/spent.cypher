// Customers who spent in a currency, net, between two bounds.
// params: from, to
// mode: fragment
// row: none
MATCH (s:Spend)
USING INDEX SEEK s:Spend(place)
WHERE s.place >= $from AND s.place < $to
MATCH (s)<-[:SPENT]-(c:Customer)
