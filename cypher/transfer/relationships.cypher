// The relationships that leave the nodes at some places of a bucket, with all that they have.
// scans: runs on the embedded engine alone, which seeks a place; what Neo4j would do depends on how much it has
// params: bucket, start, end
// mode: read
// row: type, from, to (element ids), properties{}
UNWIND range($start, $end) AS place
MATCH (n)
WHERE elementId(n) = $bucket + ':' + toString(place)
MATCH (n)-[r]->(m)
RETURN type(r) AS type, elementId(n) AS from, elementId(m) AS to, properties(r) AS properties
