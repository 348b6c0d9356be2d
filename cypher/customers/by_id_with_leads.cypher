// A customer by any id it ever had, as in customers/by_ids, with what leads to recommendations.
// params: ids
// mode: read
// row: see the fragment
// then: customers/leads
UNWIND $ids AS wanted
MATCH (anchor:Profile {customerId: wanted})
USING INDEX SEEK anchor:Profile(customerId)
OPTIONAL MATCH (anchor)-[:SUCCEEDED_BY]->(heir:Profile)
WITH wanted, coalesce(heir, anchor) AS known
MATCH (known)-[:BELONGS_TO]->(c:Customer)
WITH wanted, known, c, c.version AS version
OPTIONAL MATCH (known)-[:BELONGS_TO]->(still:Customer)
WITH wanted, c, CASE WHEN still.id = c.id THEN version ELSE null END AS before, true AS alone
