// Write what a batch says of profiles: first what is new, then what was there. One statement, since a small
// batch is as fast as it has few round trips.
// A writer whose turn it is knows what is new, and constraints refuse any other. So nothing is merged that is not
// there: the embedded engine creates nodes twice as fast, relationships fifteen times. MERGE of a node that is
// there seeks it by its constraint, whatever the planner knows of the index.
// A device is marked by a property: a second label moves the node to another type of the embedded engine, which
// breaks its uniqueness in the transaction that made it.
// A link that a snapshot closed before it came was never open, for us: it turned when it was recorded.
// `holders` counts the links of an identifier, open and closed, and of a blocking key.
// params: newProfiles, newIdentifiers, profiles, identifiers, newLinks, newKeys, now
// mode: write
// row: done
UNWIND $newProfiles AS row
CREATE (p:Profile {key: row.key, number: row.number, customerId: row.customerId, source: row.source,
  sourceId: row.sourceId, firstSeen: row.firstSeen, lastSeen: row.lastSeen, traits: row.traits,
  digests: row.digests, digestTimes: row.digestTimes, totals: row.totals, replacedAt: row.replacedAt,
  deletedAt: row.deletedAt, recordedAt: $now})
WITH count(*) AS done
UNWIND $profiles AS row
MERGE (p:Profile {key: row.key})
SET p.firstSeen = row.firstSeen, p.lastSeen = row.lastSeen, p.traits = row.traits,
    p.digests = row.digests, p.digestTimes = row.digestTimes, p.totals = row.totals,
    p.replacedAt = row.replacedAt, p.deletedAt = row.deletedAt
WITH count(*) AS done
UNWIND $newIdentifiers AS row
CREATE (i:Identifier {key: row.key, namespace: row.namespace, value: row.value, summary: row.summary,
  people: row.people, generic: row.generic, holders: 0, firstSeen: row.firstSeen, lastSeen: row.lastSeen})
FOREACH (device IN CASE WHEN row.device IS NULL THEN [] ELSE [row.device] END |
  SET i.device = true, i += device)
WITH count(*) AS done
UNWIND $identifiers AS row
MERGE (i:Identifier {key: row.key})
SET i.value = row.value, i.summary = row.summary, i.people = row.people, i.generic = row.generic,
    i.firstSeen = row.firstSeen, i.lastSeen = row.lastSeen
FOREACH (device IN CASE WHEN row.device IS NULL THEN [] ELSE [row.device] END |
  SET i.device = true, i += device)
WITH count(*) AS done
UNWIND $newLinks AS row
MERGE (p:Profile {key: row.profile})
MERGE (i:Identifier {key: row.identifier})
CREATE (p)-[:HAS_IDENTIFIER {key: row.key, firstSeen: row.firstSeen, lastSeen: row.lastSeen, count: row.count,
  closedAt: row.closedAt, turned: CASE WHEN row.closedAt IS NULL THEN null ELSE [$now] END, recordedAt: $now}]->(i)
SET i.holders = i.holders + 1
WITH count(*) AS done
UNWIND $newKeys AS row
MERGE (p:Profile {key: row.profile})
MERGE (i:Identifier {key: row.identifier})
CREATE (p)-[:HAS_KEY {key: row.key, recordedAt: $now}]->(i)
SET i.holders = i.holders + 1
RETURN count(*) AS done
