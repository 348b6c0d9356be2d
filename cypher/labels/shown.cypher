// What is shown of labels, given rows of what was `wanted` and the label `l`. Of an erased profile there is no end.
// params: none
// mode: fragment
// row: wanted, id, number, same, by, at, ends[{profile, number, source, sourceId, customer, version}]
MATCH (l)-[:LABELS]->(p:Profile)-[:BELONGS_TO]->(c:Customer)
WITH wanted, l, collect({profile: p.customerId, number: p.number, source: p.source, sourceId: p.sourceId,
  customer: c.id, version: c.version}) AS ends
RETURN wanted, l.id AS id, l.number AS number, l.same AS same, l.by AS by, l.at AS at, ends
