// Write what was decided: customers that gained or lost profiles, or whose golden traits changed, each with a new
// version; new profiles into their customers; profiles that move, with where they were as history; the changes,
// and the numbers given last. The numbers become visible with the commit, in order and without gaps.
// A closed customer keeps its node for its history. One whose component is above the limit waits, `pending`. Its
// number ends what a customer is ordered by, so that no two are equal.
// Customers come last, since what led to one before must be told; profiles may make the node before that.
// `SET c += {...}` writes c once; the embedded engine writes it again for every item of a SET, with all its indexes.
// `seen` are customers of whom something newer is known, and whose profiles are the same; of the `valued` what they
// bought or asked for, too, newer or not.
// params: customers, placed, moved, seen, valued, changes, lastChange, lastProfile, now
// mode: write
// row: before[{id, tokens (that led to the customer), spends (by which it was found)}] (one row; where others do now)
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
SET c += {lastSeen: row.lastSeen, bySeen: row.bySeen + right('0000000000' + toString(c.number), 10)}
WITH count(*) AS done
UNWIND $valued AS row
MATCH (c:Customer {id: row.id})
USING INDEX SEEK c:Customer(id)
SET c += {lastSeen: CASE WHEN c.lastSeen < row.lastSeen THEN row.lastSeen ELSE c.lastSeen END,
  bySeen: CASE WHEN c.lastSeen < row.lastSeen
    THEN row.bySeen + right('0000000000' + toString(c.number), 10) ELSE c.bySeen END,
  byOrders: row.stats.byOrders, byPurchase: row.stats.byPurchase, byTickets: row.stats.byTickets,
  spends: row.stats.spends}
WITH count(*) AS done
UNWIND $changes AS row
CREATE (x:Change {seq: row.seq, at: row.at, kind: row.kind, customerId: row.customerId, fromId: row.fromId,
  profiles: row.profiles, count: row.count, cause: row.cause, because: row.because, by: row.by})
WITH count(*) AS done
UNWIND $customers AS row
MERGE (c:Customer {id: row.id})
WITH c, row, coalesce(c.tokens, []) AS before, coalesce(c.spends, []) AS spent
SET c += {createdAt: coalesce(c.createdAt, $now), version: coalesce(c.version, 0) + 1, number: row.number,
  bucket: row.bucket, closedAt: row.closedAt, traits: row.traits, size: row.size, pending: row.pending,
  lastSeen: row.lastSeen, card: row.card, tokens: row.tokens,
  byName: row.filed.byName + right('0000000000' + toString(row.number), 10),
  bySeen: row.bySeen + right('0000000000' + toString(row.number), 10),
  byOrders: row.stats.byOrders, byPurchase: row.stats.byPurchase, byTickets: row.stats.byTickets,
  spends: row.stats.spends,
  t_age: row.filed.t_age, t_birthDate: row.filed.t_birthDate, t_city: row.filed.t_city,
  t_company: row.filed.t_company, t_country: row.filed.t_country, t_firstName: row.filed.t_firstName,
  t_gender: row.filed.t_gender, t_lastName: row.filed.t_lastName, t_plan: row.filed.t_plan,
  t_postalCode: row.filed.t_postalCode, t_state: row.filed.t_state, t_title: row.filed.t_title}
WITH row, before, spent
WHERE before <> row.tokens OR spent <> coalesce(row.stats.spends, [])
WITH {id: row.id, tokens: before, spends: spent} AS one
RETURN collect(one) AS before
