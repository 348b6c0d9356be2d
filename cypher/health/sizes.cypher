// How many customers of some buckets have how many profiles, each with an example.
// params: buckets
// mode: read
// row: size, customers, example (an id)
UNWIND $buckets AS bucket
MATCH (c:Customer {bucket: bucket})
RETURN c.size AS size, count(c) AS customers, min(c.id) AS example
