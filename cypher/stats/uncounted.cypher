// Profiles of a window whose purchases, tickets and calls nobody counted yet, without those that were erased, each with
// what may be one: interactions with an amount, tickets and calls.
// params: after, to
// mode: read
// row: key, source, happened[{key, type, name, at, channel, amount, currency, properties, lines[{name, amount}]}]
UNWIND range($after + 1, $to) AS wanted
MATCH (p:Profile {number: wanted})
USING INDEX SEEK p:Profile(number)
WHERE p.facts IS NULL
OPTIONAL MATCH (p)-[:ACTIVE_IN]->(:Period)-[:HOLDS]->(n:Interaction)
WHERE n.amount IS NOT NULL OR toLower(n.type) IN ['ticket', 'support', 'call']
WITH p, n,
     [(n)-[line:ABOUT]->(x:Product) | {name: coalesce(line.category, x.category, ''), amount: line.amount}] AS lines
ORDER BY n.key
WITH p, collect(CASE WHEN n IS NULL THEN null ELSE {key: n.key, type: n.type, name: n.name, at: n.at,
     channel: n.channel, amount: n.amount, currency: n.currency, properties: n.properties, lines: lines} END) AS happened
RETURN p.key AS key, p.source AS source, happened
