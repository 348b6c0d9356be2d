// Count of some products that an older version wrote how many profiles bought them on two days or more, and note the
// last $crowd profiles that began to buy them, with how many products each has bought.
// unordered: which products come first is as good as any; the next time others do
// scans: of what is not known no index knows; it is asked by resolve --all alone
// params: most, crowd, doubtful
// mode: write
// row: counted
MATCH (x:Product)
WHERE x.again IS NULL OR x.lastBuyers IS NULL
WITH x
LIMIT $most
CALL (x) {
  MATCH (x)<-[b:BOUGHT]-(:Profile)
  WHERE size(b.days) > 1
  RETURN count(b) AS again
}
CALL (x) {
  MATCH (x)<-[b:BOUGHT]-(q:Profile)
  WHERE NOT q.source IN $doubtful
  WITH b, q
  ORDER BY b.first DESC, q.number DESC
  LIMIT $crowd
  WITH b, q
  ORDER BY b.first, q.number
  RETURN collect(q.number) AS buyers, collect(coalesce(q.products, 1)) AS sizes
}
SET x += {again: again, lastBuyers: buyers, lastSizes: sizes}
RETURN count(x) AS counted
