// How many of some products an older version counted the buyers of.
// unordered: what an older version left is in most products
// scans: some products and no more
// params: most
// mode: read
// row: uncounted
MATCH (x:Product)
WITH x
LIMIT $most
WHERE x.leftOut IS NULL
RETURN count(x) AS uncounted
