// Customers with an interaction about a product, once for each.
// params: key
// mode: fragment
// row: none
MATCH (x:Product {key: $key})
USING INDEX SEEK x:Product(key)
MATCH (x)<-[:ABOUT]-(:Interaction)<-[:HOLDS]-(:Period)<-[:ACTIVE_IN]-(:Profile)-[:BELONGS_TO]->(c:Customer)
