// The profiles of a customer as of a recorded time, by any id it had then, as the start of an identity graph.
// params: id, asOf, most
// mode: read
// row: see the fragment
// then: identity/graph_profiles
MATCH (anchor:Profile {customerId: $id})
OPTIONAL MATCH (anchor)-[tie:BELONGS_TO|BELONGED_TO]->(held:Customer)
WHERE tie.since <= $asOf AND (tie.until IS NULL OR tie.until > $asOf)
OPTIONAL MATCH (called:Customer {id: $id})
WITH coalesce(held, called) AS c
WHERE c IS NOT NULL
MATCH (c)<-[b:BELONGS_TO|BELONGED_TO]-(p:Profile)
WHERE b.since <= $asOf AND (b.until IS NULL OR b.until > $asOf)
WITH p, b, c
ORDER BY p.number
LIMIT $most
