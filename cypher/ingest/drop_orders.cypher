// Enter order numbers that are nobody's, and forget which purchases had them.
// params: keys
// mode: write
// row: none
UNWIND $keys AS wanted
MERGE (o:Order {key: wanted})
WITH wanted
MATCH (n:Interaction {orderId: wanted})
USING INDEX SEEK n:Interaction(orderId)
MATCH (n)<-[noted:SIGHTED]-(:Profile)
DELETE noted
