// Count of some products that an older version wrote how many profiles bought them on two days or more.
// unordered: which come first is as good as any; the next time others do
// scans: of what is not known no index knows; it is asked by resolve --all alone
// params: most
// mode: write
// row: counted
MATCH (x:Product)
WHERE x.again IS NULL
WITH x
LIMIT $most
CALL (x) {
  MATCH (x)<-[b:BOUGHT]-(:Profile)
  WHERE size(b.days) > 1
  RETURN count(b) AS again
}
SET x.again = again
RETURN count(x) AS counted
