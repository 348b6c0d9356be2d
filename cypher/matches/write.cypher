// Write the possible matches that are new or other than they were, forget those that are none any more, and change
// their texts at the customers. The texts are what resolution compares with: it has them with the members, and asks
// for nothing where nothing is possible.
// params: rows, gone, notes
// mode: write
// row: done
UNWIND $gone AS wanted
MATCH (m:Match {id: wanted})
USING INDEX SEEK m:Match(id)
DETACH DELETE m
WITH count(*) AS done
UNWIND $rows AS row
MERGE (m:Match {id: row.id})
SET m += {kind: row.kind, score: row.score, suggestion: row.suggestion, evidence: row.evidence, since: row.since,
  status: row.status, decision: row.decision, until: row.until, place: row.place,
  proposedBy: row.proposedBy}
WITH m, row
UNWIND row.customers AS id
MATCH (c:Customer {id: id})
USING INDEX SEEK c:Customer(id)
MERGE (m)-[:BETWEEN {key: row.id + '>' + id}]->(c)
WITH count(*) AS done
UNWIND $notes AS row
MATCH (c:Customer {id: row.customer})
USING INDEX SEEK c:Customer(id)
WITH c, [one IN coalesce(c.matches, []) WHERE NOT split(one, '|')[0] IN row.drop] + row.add AS texts
SET c.matches = CASE WHEN size(texts) = 0 THEN null ELSE texts END
RETURN count(*) AS done
