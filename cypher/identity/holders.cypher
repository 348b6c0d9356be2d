// The profiles that hold any of these identifiers or blocking keys, with all their own.
// UNWIND before the seek: the embedded engine tests `IN $list` row by row, ten times slower; the hint keeps
// Neo4j from scanning an index that it has not sampled yet.
// params: identifiers
// mode: read
// row: see the fragment
// then: identity/members
UNWIND $identifiers AS wanted
MATCH (i:Identifier {key: wanted})
USING INDEX SEEK i:Identifier(key)
MATCH (i)<-[held:HAS_IDENTIFIER|HAS_KEY]-(p:Profile)
WHERE held.closedAt IS NULL
WITH DISTINCT p
