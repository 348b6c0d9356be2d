// Where nodes lie in the embedded engine, whose element ids are a bucket and a place, such as #5:12.
// scans: a transfer is about everything
// params: none
// mode: read
// row: label, bucket, last (place), count
MATCH (n)
WITH labels(n)[0] AS label, split(elementId(n), ':') AS parts
WITH label, parts[0] AS bucket, toInteger(parts[1]) AS place
RETURN label, bucket, max(place) AS last, count(*) AS count
ORDER BY label, bucket
