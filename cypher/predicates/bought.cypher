// Customers who bought a product, or one of a category, in a period: interactions of this name are orders.
// params: from, to, name, product, category
// mode: fragment
// row: none
EXISTS {
  MATCH (c)<-[:BELONGS_TO]-(:Profile)-[:ACTIVE_IN]->(d:Period)-[:HOLDS]->(n:Interaction)-[:ABOUT]->(x:Product)
  WHERE d.latest >= $from AND d.earliest < $to AND n.at >= $from AND n.at < $to AND n.name = $name
    AND ($product IS NULL OR x.key = $product) AND ($category IS NULL OR x.category = $category)
}
