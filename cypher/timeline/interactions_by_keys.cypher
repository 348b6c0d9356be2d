// Interactions by key, with what they were about and which row of a source told of them.
// params: keys
// mode: read
// row: key, bucket, type, name, at, channel, amount, currency, orderId, properties, source, sourceId, device, products[{place, key, name, category, quantity, amount}]
UNWIND $keys AS wanted
MATCH (n:Interaction {key: wanted})
USING INDEX SEEK n:Interaction(key)
MATCH (n)<-[:HOLDS]-(:Period)<-[:ACTIVE_IN]-(p:Profile)
OPTIONAL MATCH (n)-[:ON]->(i:Identifier)
WITH n, p, i.key AS device
OPTIONAL MATCH (n)-[about:ABOUT]->(x:Product)
WITH n, p, device, about, x
ORDER BY about.place
WITH n, p, device, collect({place: about.place, key: x.key, name: x.name, category: x.category,
     quantity: about.quantity, amount: about.amount}) AS products
RETURN n.key AS key, n.bucket AS bucket, n.type AS type, n.name AS name, n.at AS at,
       n.channel AS channel, n.amount AS amount, n.currency AS currency, n.orderId AS orderId,
       n.properties AS properties, p.source AS source, p.sourceId AS sourceId, device, products
