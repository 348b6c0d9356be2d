// Customers as of a recorded time by any id they had then: an id is that of a profile, which knows whose it was.
// Of a profile that was erased no more is known than the customer that was called by its id.
// params: ids, asOf
// mode: read
// row: see the fragment
// then: past/facets
UNWIND $ids AS wanted
MATCH (anchor:Profile {customerId: wanted})
USING INDEX SEEK anchor:Profile(customerId)
OPTIONAL MATCH (anchor)-[tie:BELONGS_TO|BELONGED_TO]->(held:Customer)
WHERE tie.since <= $asOf AND (tie.until IS NULL OR tie.until > $asOf)
OPTIONAL MATCH (called:Customer {id: wanted})
WITH wanted, coalesce(held, called) AS c
WHERE c IS NOT NULL
