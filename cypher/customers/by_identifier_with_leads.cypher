// Customers that hold an identifier, at most $most, not by what $hidden sources say; where it is one, with what leads to
// recommendations.
// params: keys, most, hidden
// mode: read
// row: see the fragment
// then: customers/leads
UNWIND $keys AS wanted
MATCH (i:Identifier {key: wanted})
USING INDEX SEEK i:Identifier(key)
CALL (i) {
  MATCH (i)<-[held:HAS_IDENTIFIER]-(p:Profile)-[:BELONGS_TO]->(c:Customer)
  WHERE held.closedAt IS NULL AND NOT p.source IN $hidden
  WITH DISTINCT c
  ORDER BY c.number
  LIMIT $most
  RETURN collect(c) AS holders
}
UNWIND holders AS c
WITH wanted, c, size(holders) = 1 AS alone
