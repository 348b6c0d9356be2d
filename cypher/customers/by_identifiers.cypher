// Customers that hold an identifier, at most $most of each, not by what $hidden sources say.
// Whose a holder is is asked again once the version is read, as in customers/by_ids.
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
  WITH c, collect(p) AS those
  ORDER BY c.number
  LIMIT $most
  RETURN c, head(those) AS holder, c.version AS version
}
OPTIONAL MATCH (holder)-[:BELONGS_TO]->(still:Customer)
WITH wanted, c, CASE WHEN still.id = c.id THEN version ELSE null END AS before, null AS leads
