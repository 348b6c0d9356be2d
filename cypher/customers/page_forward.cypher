// The first customers between two numbers, by the numbers of their anchors, out of some buckets.
// params: buckets, after, before, most
// mode: read
// row: see the fragment
// then: customers/facets
UNWIND $buckets AS bucket
MATCH (c:Customer {bucket: bucket})
USING INDEX SEEK c:Customer(bucket)
WHERE c.number > $after AND c.number < $before
WITH c
ORDER BY c.number
LIMIT $most
WITH c, c.number AS wanted, c.version AS before, null AS leads
