// Count how many profiles bought products on two days or more, and note the last $crowd that began to buy them and are
// trusted, with how many products each has bought.
// params: products, crowd, doubtful, leftOut
// mode: write
// row: counted
UNWIND $products AS product
MATCH (x:Product {key: product})
USING INDEX SEEK x:Product(key)
CALL (x) {
  MATCH (x)<-[b:BOUGHT]-(:Profile)
  WHERE size(b.days) > 1
  RETURN count(b) AS again
}
CALL (x) {
  MATCH (x)<-[b:BOUGHT]-(q:Profile)
  WHERE b.times > 0 AND NOT q.source IN $doubtful
  WITH b.first AS first, q
  ORDER BY first DESC, q.number DESC
  LIMIT $crowd
  WITH first, q
  ORDER BY first, q.number
  RETURN collect(q.number) AS buyers, collect(q.products) AS sizes
}
SET x += {again: again, lastBuyers: buyers, lastSizes: sizes, leftOut: $leftOut}
RETURN count(x) AS counted
