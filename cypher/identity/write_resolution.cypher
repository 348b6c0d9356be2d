// Write what was decided: customers that gained or lost profiles, or whose golden traits changed, each with a new
// version; new profiles into their customers; profiles that move, with where they were as history; the changes,
// and the numbers given last. The numbers become visible with the commit, in order and without gaps.
// A closed customer keeps its node for its history. One whose component is above the limit waits, `pending`. Its
// number ends what a customer is ordered by, so that no two are equal.
// Customers come last, since what led to one before must be told; profiles may make the node before that.
// `seen` are customers of whom something newer is known, and whose profiles are the same.
// params: customers, placed, moved, seen, changes, lastChange, lastProfile, now
// mode: write
// row: id, tokens (those that led to a customer before, where others do now)
MERGE (n:Counter {key: 'changes'})
SET n.n = $lastChange
MERGE (m:Counter {key: 'profiles'})
SET m.n = $lastProfile
WITH count(*) AS done
UNWIND $placed AS row
MERGE (p:Profile {key: row.profile})
MERGE (c:Customer {id: row.customer})
CREATE (p)-[:BELONGS_TO {key: row.profile, since: $now}]->(c)
WITH count(*) AS done
UNWIND $moved AS row
MERGE (p:Profile {key: row.profile})
MERGE (c:Customer {id: row.customer})
WITH p, c, row
MATCH (p)-[b:BELONGS_TO]->(old:Customer)
CREATE (p)-[:BELONGED_TO {since: b.since, until: $now}]->(old)
DELETE b
CREATE (p)-[:BELONGS_TO {key: row.profile, since: $now}]->(c)
WITH count(*) AS done
UNWIND $seen AS row
MATCH (c:Customer {id: row.id})
USING INDEX SEEK c:Customer(id)
WHERE c.lastSeen < row.lastSeen
SET c.lastSeen = row.lastSeen, c.bySeen = row.bySeen + right('0000000000' + toString(c.number), 10)
WITH count(*) AS done
UNWIND $changes AS row
CREATE (x:Change {seq: row.seq})
SET x += row
WITH count(*) AS done
UNWIND $customers AS row
MERGE (c:Customer {id: row.id})
WITH c, row, coalesce(c.tokens, []) AS before
SET c.createdAt = coalesce(c.createdAt, $now), c.version = coalesce(c.version, 0) + 1, c.number = row.number,
    c.bucket = row.bucket, c.closedAt = row.closedAt, c.traits = row.traits, c.size = row.size,
    c.pending = row.pending, c.lastSeen = row.lastSeen, c.card = row.card, c.tokens = row.tokens
SET c += row.filed
SET c.byName = c.byName + right('0000000000' + toString(c.number), 10),
    c.bySeen = row.bySeen + right('0000000000' + toString(c.number), 10)
WITH row, before
WHERE before <> row.tokens
RETURN row.id AS id, before AS tokens
