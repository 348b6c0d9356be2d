// One hop of an identity graph: profiles that held any of these identifiers as of a recorded time.
// At most $most profiles; generic identifiers are shown at the edge and never crossed.
// params: identifiers, asOf, most
// mode: read
// row: see the fragment
// then: identity/graph_profiles
UNWIND $identifiers AS wanted
MATCH (i:Identifier {key: wanted})
USING INDEX SEEK i:Identifier(key)
MATCH (i)<-[held:HAS_IDENTIFIER]-(p:Profile)
WHERE held.recordedAt <= $asOf AND CASE WHEN held.turned IS NULL
  THEN held.closedAt IS NULL OR held.closedAt > $asOf
  ELSE size([at IN held.turned WHERE at <= $asOf]) % 2 = 0 END
MATCH (p)-[b:BELONGS_TO|BELONGED_TO]->(c:Customer)
WHERE b.since <= $asOf AND (b.until IS NULL OR b.until > $asOf)
WITH DISTINCT p, b, c
ORDER BY p.number
LIMIT $most
