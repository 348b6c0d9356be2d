// The newest interactions of each page's periods, older than its cursor, recorded by a time and of what it chose,
// with what they were about. Null types or channels are any.
// params: pages, first
// mode: read
// row: page (the place in $pages), key, bucket, type, name, at, channel, amount, currency, orderId, properties, device, products[{place, key, name, category, quantity, amount}]
UNWIND $pages AS page
UNWIND page.buckets AS bucket
MATCH (n:Interaction {bucket: bucket})
USING INDEX SEEK n:Interaction(bucket)
WHERE (n.at < page.at OR (n.at = page.at AND n.key < page.key)) AND n.at >= page.since
  AND n.recordedAt <= page.recorded
  AND (page.types IS NULL OR n.type IN page.types)
  AND (page.channels IS NULL OR n.channel IN page.channels)
  AND NOT n.key IN page.hidden
WITH page.place AS place, n
ORDER BY n.at DESC, n.key DESC
WITH place, collect(n) AS every
WITH place, every[0..$first] AS newest
UNWIND newest AS n
OPTIONAL MATCH (n)-[:ON]->(i:Identifier)
WITH place, n, i.key AS device
OPTIONAL MATCH (n)-[about:ABOUT]->(x:Product)
WITH place, n, device, about, x
ORDER BY about.place
WITH place, n, device, collect({place: about.place, key: x.key, name: x.name, category: x.category,
     quantity: about.quantity, amount: about.amount}) AS products
RETURN place AS page, n.key AS key, n.bucket AS bucket, n.type AS type, n.name AS name, n.at AS at,
       n.channel AS channel, n.amount AS amount, n.currency AS currency, n.orderId AS orderId,
       n.properties AS properties, device, products
ORDER BY page, at DESC, key DESC
