// The profiles of a window of numbers that keep no list of what they bought, since an older version wrote them, with
// what they bought.
// params: after, to
// mode: read
// row: profile, products, bought[{product, first, last}]
UNWIND range($after + 1, $to) AS wanted
MATCH (p:Profile {number: wanted})
USING INDEX SEEK p:Profile(number)
WHERE p.products > 0 AND p.bought IS NULL
CALL (p) {
  MATCH (p)-[b:BOUGHT]->(x:Product)
  WHERE b.times > 0
  WITH b, x
  ORDER BY b.key
  WITH {product: x.key, first: b.first, last: b.last} AS one
  RETURN collect(one) AS bought
}
RETURN p.key AS profile, p.products AS products, bought
