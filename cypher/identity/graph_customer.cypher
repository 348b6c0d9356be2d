// The profiles of a customer by any id it ever had, as the start of an identity graph.
// params: id, most
// mode: read
// row: see the fragment
// then: identity/graph_profiles
MATCH (anchor:Profile {customerId: $id})
OPTIONAL MATCH (anchor)-[:SUCCEEDED_BY]->(heir:Profile)
WITH coalesce(heir, anchor) AS known
MATCH (known)-[:BELONGS_TO]->(c:Customer)
MATCH (c)<-[b:BELONGS_TO]-(p:Profile)
WITH p, b, c
ORDER BY p.number
LIMIT $most
