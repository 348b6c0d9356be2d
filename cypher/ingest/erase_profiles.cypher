// Leave of erased profiles the tombstones: key, number and the customer's id that they began with.
// params: profiles
// mode: write
// row: done
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
MATCH (p)-[dealt:BOUGHT]->(x:Product)
WITH dealt, x, CASE WHEN size(dealt.days) > 1 THEN 1 ELSE 0 END AS again
DELETE dealt
SET x += {buyers: x.buyers - 1, again: x.again - again}
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
RETURN count(*) AS done
