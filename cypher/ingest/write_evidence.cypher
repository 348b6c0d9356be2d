// Write what a batch says of profiles, of what is new and of what was there. One statement, since a small batch is
// as fast as it has few round trips.
// A writer whose turn it is knows what is new, and constraints refuse any other. So nothing is merged that is not
// there: the embedded engine creates nodes twice as fast, relationships fifteen times. MERGE of a node that is
// there seeks it by its constraint, whatever the planner knows of the index.
// A device is marked by a property: a second label moves the node to another type of the embedded engine, which
// breaks its uniqueness in the transaction that made it.
// A link that a snapshot closed before it came was never open, for us: it turned when it was recorded. Of one that was
// there, `closedAt` says from when on its profile no longer holds it, `turned` when we learned that, or that it does
// again: the recorded times by turns. One that was closed before these were kept begins with `closedAt`.
// `SET x += {...}` writes x once; the embedded engine writes it again for every item of a SET, with all its indexes.
// `holders` counts the links of an identifier, open and closed, and of a blocking key; `more` come with this batch.
// A profile keeps what it bought, the last first.
// Links come by profile, which is sought once for all of them.
// params: newProfiles, newIdentifiers, profiles, identifiers, links, newLinks, newKeys, now
// mode: write
// row: done
UNWIND $newProfiles AS row
CREATE (p:Profile {key: row.key, number: row.number, customerId: row.customerId, source: row.source,
  sourceId: row.sourceId, firstSeen: row.firstSeen, lastSeen: row.lastSeen, traits: row.traits,
  digests: row.digests, digestTimes: row.digestTimes, totals: row.totals, facts: row.facts, replacedAt: row.replacedAt,
  deletedAt: row.deletedAt, products: row.products, bought: row.bought, boughtFirst: row.boughtFirst,
  boughtLast: row.boughtLast, recordedAt: $now})
WITH count(*) AS done
UNWIND $profiles AS row
MERGE (p:Profile {key: row.key})
SET p += {firstSeen: row.firstSeen, lastSeen: row.lastSeen, traits: row.traits, digests: row.digests,
  digestTimes: row.digestTimes, totals: row.totals, facts: row.facts, replacedAt: row.replacedAt,
  deletedAt: row.deletedAt, products: row.products, bought: row.bought, boughtFirst: row.boughtFirst,
  boughtLast: row.boughtLast}
WITH count(*) AS done
UNWIND $newIdentifiers AS row
CREATE (i:Identifier {key: row.key, namespace: row.namespace, value: row.value, summary: row.summary,
  people: row.people, generic: row.generic, holders: row.more, firstSeen: row.firstSeen, lastSeen: row.lastSeen,
  device: row.device, describedAt: row.describedAt, platform: row.platform, os: row.os, browser: row.browser,
  model: row.model})
WITH count(*) AS done
UNWIND $identifiers AS row
MERGE (i:Identifier {key: row.key})
SET i += {value: row.value, summary: row.summary, people: row.people, generic: row.generic,
  holders: i.holders + row.more, firstSeen: row.firstSeen, lastSeen: row.lastSeen, device: row.device,
  describedAt: row.describedAt, platform: row.platform, os: row.os, browser: row.browser, model: row.model}
WITH count(*) AS done
UNWIND $links AS row
MERGE (p:Profile {key: row.profile})
WITH p, row
MATCH (p)-[seen:HAS_IDENTIFIER]->(:Identifier)
WHERE seen.key = row.key
SET seen += {firstSeen: row.firstSeen, lastSeen: row.lastSeen, count: row.count, closedAt: row.closedAt,
  turned: CASE
    WHEN (seen.closedAt IS NULL) = (row.closedAt IS NULL) THEN seen.turned
    ELSE coalesce(seen.turned, CASE WHEN seen.closedAt IS NULL THEN [] ELSE [seen.closedAt] END) + [$now]
  END}
WITH count(*) AS done
UNWIND $newLinks AS row
MERGE (p:Profile {key: row.profile})
WITH p, row
UNWIND row.links AS link
MERGE (i:Identifier {key: link.identifier})
CREATE (p)-[:HAS_IDENTIFIER {key: link.key, firstSeen: link.firstSeen, lastSeen: link.lastSeen, count: link.count,
  closedAt: link.closedAt, turned: CASE WHEN link.closedAt IS NULL THEN null ELSE [$now] END, recordedAt: $now}]->(i)
WITH count(*) AS done
UNWIND $newKeys AS row
MERGE (p:Profile {key: row.profile})
WITH p, row
UNWIND row.links AS link
MERGE (i:Identifier {key: link.identifier})
CREATE (p)-[:HAS_KEY {key: link.key, recordedAt: $now}]->(i)
RETURN count(*) AS done
