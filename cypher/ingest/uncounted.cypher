// Some products whose buyers an older version counted, or under a policy that trusts other sources.
// unordered: which come first is as good as any; the next time others do
// scans: of what is not known no index knows; it is asked by resolve --all alone
// params: leftOut, most
// mode: read
// row: product, buyers
MATCH (x:Product)
WHERE x.leftOut IS NULL OR x.leftOut <> $leftOut
WITH x
LIMIT $most
RETURN x.key AS product, coalesce(x.buyers, 0) AS buyers
