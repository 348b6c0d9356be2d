// What is shown of possible matches, given rows of `m`: each with its two customers as they are now.
// params: none
// mode: fragment
// row: id, kind, score, suggestion, evidence, since, status, decision, until, proposedBy, place, customers[{id, version}]
MATCH (m)-[:BETWEEN]->(c:Customer)
WITH m, c
ORDER BY c.number
WITH m, collect({id: c.id, version: c.version}) AS customers
RETURN m.id AS id, m.kind AS kind, m.score AS score, m.suggestion AS suggestion, m.evidence AS evidence,
       m.since AS since, m.status AS status, m.decision AS decision, m.until AS until, m.place AS place,
       m.proposedBy AS proposedBy, customers
ORDER BY place
