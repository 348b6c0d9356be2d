// Customers that held an identifier as of a recorded time, at most $most of each.
// params: keys, asOf, most
// mode: read
// row: see the fragment
// then: past/facets
UNWIND $keys AS wanted
MATCH (i:Identifier {key: wanted})
USING INDEX SEEK i:Identifier(key)
CALL (i) {
  MATCH (i)<-[seen:HAS_IDENTIFIER]-(p:Profile)
  WHERE seen.recordedAt <= $asOf AND CASE WHEN seen.turned IS NULL
    THEN seen.closedAt IS NULL OR seen.closedAt > $asOf
    ELSE size([at IN seen.turned WHERE at <= $asOf]) % 2 = 0 END
  MATCH (p)-[tie:BELONGS_TO|BELONGED_TO]->(c:Customer)
  WHERE tie.since <= $asOf AND (tie.until IS NULL OR tie.until > $asOf)
  WITH DISTINCT c
  ORDER BY c.id
  LIMIT $most
  RETURN c
}
WITH wanted, c
