// Leave of erased profiles the tombstones: key, number and the customer's id that they began with.
// Products no longer know them. Those whose buyers are to be counted again: it is a crowd's no more, or knows less than
// half of what it may keep of a crowd.
// params: profiles, crowd
// mode: write
// row: product
UNWIND $profiles AS wanted
MATCH (p:Profile {key: wanted})
USING INDEX SEEK p:Profile(key)
MATCH (p)-[held:HAS_IDENTIFIER|HAS_KEY]->(i:Identifier)
DELETE held
SET i.holders = i.holders - 1
WITH count(*) AS done
UNWIND $profiles AS wanted
MATCH (p:Profile {key: wanted})
USING INDEX SEEK p:Profile(key)
MATCH (p)-[dealt:OFFERED]->(:Product)
DELETE dealt
WITH count(*) AS done
UNWIND $profiles AS wanted
MATCH (p:Profile {key: wanted})
USING INDEX SEEK p:Profile(key)
MATCH (p)-[tie:BELONGS_TO|BELONGED_TO]->()
DELETE tie
WITH count(*) AS done
UNWIND $profiles AS wanted
MATCH (p:Profile {key: wanted})
USING INDEX SEEK p:Profile(key)
MATCH (p)-[dealt:BOUGHT]->(x:Product)
WITH dealt, x.key AS product, p.number AS number, CASE WHEN size(dealt.days) > 1 THEN 1 ELSE 0 END AS again
DELETE dealt
WITH product, count(*) AS fewer, sum(again) AS fewerAgain, collect(number) AS gone
MATCH (x:Product {key: product})
USING INDEX SEEK x:Product(key)
WITH x, fewer, fewerAgain, gone, coalesce(x.lastBuyers, []) AS buyers, coalesce(x.lastSizes, []) AS sizes
WITH x, fewer, fewerAgain, buyers, sizes, [n IN range(0, size(buyers) - 1) WHERE NOT buyers[n] IN gone] AS staying
SET x += {
  buyers: x.buyers - fewer,
  again: x.again - fewerAgain,
  lastBuyers: CASE WHEN x.lastBuyers IS NULL THEN null ELSE [n IN staying | buyers[n]] END,
  lastSizes: CASE WHEN x.lastBuyers IS NULL THEN null ELSE [n IN staying | sizes[n]] END}
WITH x, fewer
WHERE (x.buyers <= $crowd AND x.buyers + fewer > $crowd) OR (x.buyers > $crowd AND 2 * size(x.lastBuyers) < $crowd)
RETURN x.key AS product
