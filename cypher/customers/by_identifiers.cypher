// Customers that hold an identifier, at most $most of each.
// params: keys, most
// mode: read
// row: see the fragment
// then: customers/facets
UNWIND $keys AS wanted
MATCH (i:Identifier {key: wanted})
USING INDEX SEEK i:Identifier(key)
CALL (i) {
  MATCH (i)<-[held:HAS_IDENTIFIER]-(:Profile)-[:BELONGS_TO]->(c:Customer)
  WHERE held.closedAt IS NULL
  WITH DISTINCT c
  ORDER BY c.number
  LIMIT $most
  RETURN c
}
WITH wanted, c
