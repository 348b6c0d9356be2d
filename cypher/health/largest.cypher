// The largest customers of some buckets, of so many profiles at least.
// params: buckets, size, most
// mode: read
// row: id, size
UNWIND $buckets AS bucket
MATCH (c:Customer {bucket: bucket})
WHERE c.size >= $size
WITH c
ORDER BY c.size DESC, c.id
LIMIT $most
RETURN c.id AS id, c.size AS size
