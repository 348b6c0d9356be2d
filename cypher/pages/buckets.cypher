// Customers between two numbers, out of some buckets.
// params: buckets, after, before
// mode: fragment
// row: c
UNWIND $buckets AS bucket
MATCH (c:Customer {bucket: bucket})
USING INDEX SEEK c:Customer(bucket)
WHERE c.number > $after AND c.number < $before
WITH c
