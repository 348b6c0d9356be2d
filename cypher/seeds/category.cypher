// Customers with an interaction about a product of a category, once for each.
// params: category
// mode: fragment
// row: none
MATCH (x:Product {category: $category})
USING INDEX SEEK x:Product(category)
MATCH (x)<-[:ABOUT]-(:Interaction)<-[:HOLDS]-(:Period)<-[:ACTIVE_IN]-(:Profile)-[:BELONGS_TO]->(c:Customer)
