// Enter order numbers that are nobody's, and forget which purchases had them.
// params: keys
// mode: write
// row: customer
UNWIND $keys AS wanted
MERGE (o:Order {key: wanted})
WITH wanted
MATCH (n:Interaction {orderId: wanted})
USING INDEX SEEK n:Interaction(orderId)
MATCH (n)<-[noted:SIGHTED]-(p:Profile)
OPTIONAL MATCH (p)-[:BELONGS_TO]->(c:Customer)
DELETE noted
WITH DISTINCT c
WHERE c IS NOT NULL
RETURN c.id AS customer
