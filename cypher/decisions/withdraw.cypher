// Withdraw decisions. They stay, with who did it and when; what they were about forgets them.
// params: ids, at, by, profiles, identifiers
// mode: write
// row: done
UNWIND $ids AS wanted
MERGE (x:Decision {id: wanted})
SET x.withdrawnAt = $at, x.withdrawnBy = $by
WITH count(*) AS done
UNWIND $profiles AS wanted
MERGE (p:Profile {key: wanted})
WITH p, [one IN coalesce(p.decided, []) WHERE NOT split(one, '|')[1] IN $ids] AS left
SET p.decided = CASE WHEN size(left) = 0 THEN null ELSE left END
WITH count(*) AS done
UNWIND $identifiers AS row
MERGE (i:Identifier {key: row.key})
SET i.blockedBy = null, i.generic = row.generic
RETURN count(*) AS done
