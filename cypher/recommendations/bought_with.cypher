// What the buyers of products bought besides, the most telling first: how many of them, by the root of all buyers.
// The list of buyers does not go along where rows are grouped: the embedded engine keeps it for every row.
// unordered: of a product that a crowd buys, some $crowd buyers are as good as any; of all others none is left out
// params: products, crowd, recent, doubtful, fewest, first
// mode: read
// row: product, name, category, price, currency, buyers, compared (customers who bought it), found[{product, name, category, price, currency, buyers, customers, recent}]
UNWIND $products AS wanted
MATCH (x:Product {key: wanted})
USING INDEX SEEK x:Product(key)
CALL (x) {
  MATCH (x)<-[b:BOUGHT]-(q:Profile)
  WHERE b.times > 0 AND NOT q.source IN $doubtful
  RETURN q
  LIMIT $crowd
}
MATCH (q)-[:BELONGS_TO]->(c:Customer)
WITH x, collect(DISTINCT c) AS buyers
WITH x, buyers, x.key AS own
CALL (own, buyers) {
  UNWIND buyers AS c
  WITH own, c
  MATCH (c)<-[:BELONGS_TO]-(q:Profile)-[b:BOUGHT]->(y:Product)
  WHERE b.times > 0 AND y.key <> own AND NOT q.source IN $doubtful
  WITH y, c, max(b.last) AS last
  WITH y, count(c) AS customers, sum(CASE WHEN last >= $recent THEN 1 ELSE 0 END) AS recent
  WHERE customers >= $fewest
  WITH y, customers, recent, customers / sqrt(y.buyers) AS score
  ORDER BY score DESC, y.key
  LIMIT $first
  WITH {product: y.key, name: y.name, category: y.category, price: y.price, currency: y.currency, buyers: y.buyers,
        customers: customers, recent: recent} AS one
  RETURN collect(one) AS found
}
RETURN x.key AS product, x.name AS name, x.category AS category, x.price AS price, x.currency AS currency,
       x.buyers AS buyers, size(buyers) AS compared, found
