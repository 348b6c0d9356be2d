// Customers that hold an identifier, at most $most of each, not by what $hidden sources say.
// params: keys, most, hidden
// mode: read
// row: see the fragment
// then: customers/facets
UNWIND $keys AS wanted
MATCH (i:Identifier {key: wanted})
USING INDEX SEEK i:Identifier(key)
CALL (i) {
  MATCH (i)<-[held:HAS_IDENTIFIER]-(p:Profile)-[:BELONGS_TO]->(c:Customer)
  WHERE held.closedAt IS NULL AND NOT p.source IN $hidden
  WITH DISTINCT c
  ORDER BY c.number
  LIMIT $most
  RETURN c
}
WITH wanted, c, null AS leads
