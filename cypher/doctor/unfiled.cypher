// How many customers of some buckets were written before there was what they are found and ordered by,
// or have profiles whose purchases nobody counted yet.
// params: buckets
// mode: read
// row: unfiled
UNWIND $buckets AS wanted
MATCH (c:Customer {bucket: wanted})
USING INDEX SEEK c:Customer(bucket)
WHERE c.bySeen IS NULL OR c.card IS NULL OR c.byOrders IS NULL
  OR EXISTS { MATCH (c)<-[:BELONGS_TO]-(p:Profile) WHERE p.facts IS NULL OR p.products IS NULL OR (p.products > 0 AND p.bought IS NULL) }
RETURN count(c) AS unfiled
