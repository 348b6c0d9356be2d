// Customers who bought a product, or one of a category, in a period: what is a purchase says customers/meanings.
// params: from, to, product, category
// mode: fragment
// row: none
EXISTS {
  MATCH (c)<-[:BELONGS_TO]-(:Profile)-[:ACTIVE_IN]->(d:Period)-[:HOLDS]->(n:Interaction)-[:ABOUT]->(x:Product)
  WHERE d.latest >= $from AND d.earliest < $to AND n.at >= $from AND n.at < $to AND n.amount >= 0
    AND (toLower(n.name) = 'order completed' OR (n.name IS NULL AND toLower(n.type) IN ['order', 'purchase']))
    AND ($product IS NULL OR x.key = $product) AND ($category IS NULL OR x.category = $category)
}
