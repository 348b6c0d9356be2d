// The customers of `waiting` profiles, each once, with what all of their profiles tell.
// params: none
// mode: fragment
// row: found (how many profiles), customer, version, profiles[{source, desk, totals}]
WITH waiting, size(waiting) AS found
UNWIND waiting AS p
MATCH (p)-[:BELONGS_TO]->(c:Customer)
WITH DISTINCT found, c
MATCH (c)<-[:BELONGS_TO]-(o:Profile)
WHERE o.desk IS NOT NULL OR o.totals <> '{}'
WITH found, c, o
ORDER BY o.number
WITH found, c.id AS customer, c.version AS version, collect({source: o.source, desk: o.desk, totals: o.totals}) AS profiles
RETURN found, customer, version, profiles
