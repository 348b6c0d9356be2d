// What has an order number and an amount, whose it is, and whether that is noted there.
// params: keys
// mode: read
// row: order, key, type, name, amount, profile, source, noted
UNWIND $keys AS wanted
MATCH (n:Interaction {orderId: wanted})
USING INDEX SEEK n:Interaction(orderId)
WHERE n.amount IS NOT NULL
MATCH (n)<-[:HOLDS]-(:Period)<-[:ACTIVE_IN]-(p:Profile)
RETURN wanted AS order, n.key AS key, n.type AS type, n.name AS name, n.amount AS amount, p.key AS profile,
       p.source AS source, EXISTS { MATCH (n)<-[:SIGHTED]-(:Profile) } AS noted
