// One hop of a component: the customers who hold any of these identifiers or blocking keys, whole. All profiles of a
// customer are of one component, and most of a component is of few customers. `known` are those who need not come.
// UNWIND before the seek: the embedded engine tests `IN $list` row by row, ten times slower; the hint keeps
// Neo4j from scanning an index that it has not sampled yet.
// params: wanted
// mode: read
// row: see the fragment
// then: identity/members
UNWIND $wanted AS wanted
MATCH (i:Identifier {key: wanted.identifier})
USING INDEX SEEK i:Identifier(key)
MATCH (i)<-[held:HAS_IDENTIFIER|HAS_KEY]-(:Profile)-[:BELONGS_TO]->(c:Customer)
WHERE held.closedAt IS NULL AND NOT c.id IN wanted.known
WITH DISTINCT c
MATCH (c)<-[:BELONGS_TO]-(p:Profile)
