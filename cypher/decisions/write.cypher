// Write decisions and what they are about. What a profile was decided on is noted at it, so that resolution has
// it with the profile: asking for the relationship would cost every hop of every component.
// params: rows, profiles, identifiers
// mode: write
// row: done
MERGE (n:Counter {key: 'decisions'})
ON CREATE SET n.n = 0
SET n.n = n.n + size($rows)
WITH n.n - size($rows) AS last
UNWIND $rows AS row
CREATE (x:Decision {id: row.id, kind: row.kind, by: row.by, at: row.at, reason: row.reason, number: last + row.place})
WITH count(*) AS done
UNWIND $profiles AS row
MERGE (x:Decision {id: row.decision})
WITH x, row
UNWIND row.notes AS note
MERGE (p:Profile {key: note.profile})
CREATE (x)-[:DECIDES {key: note.key, side: note.side}]->(p)
SET p.decided = coalesce(p.decided, []) + [note.mark]
WITH count(*) AS done
UNWIND $identifiers AS row
MERGE (x:Decision {id: row.decision})
MERGE (i:Identifier {key: row.identifier})
CREATE (x)-[:DECIDES {key: row.key}]->(i)
SET i.blockedBy = row.decision, i.generic = true
RETURN count(*) AS done
