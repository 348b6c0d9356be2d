// The nodes at some places of a bucket, with all that they have.
// params: bucket, start, end
// mode: read
// row: id, labels[], properties{}
UNWIND range($start, $end) AS place
MATCH (n)
WHERE elementId(n) = $bucket + ':' + toString(place)
RETURN elementId(n) AS id, labels(n) AS labels, properties(n) AS properties
