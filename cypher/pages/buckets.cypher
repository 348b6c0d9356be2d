// Customers between two numbers, out of some buckets, with their numbers.
// params: buckets, after, before
// mode: fragment
// row: c, place
UNWIND $buckets AS bucket
MATCH (c:Customer {bucket: bucket})
USING INDEX SEEK c:Customer(bucket)
WHERE c.number > $after AND c.number < $before
WITH c, c.number AS place
