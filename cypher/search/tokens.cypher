// The tokens there are of those that a text may mean: by key, and the most used that begin like it. With them
// the customers of identifiers, orders and rows whose values were typed, the longest known first.
// The embedded engine goes through a whole index for STARTS WITH, so words are sought by their first letters.
// params: keys, beginnings, mostTokens, identifiers, orders, rows, most
// mode: read
// row: kind, key, count (of a token), source, id, number, version, card (of a customer, by a profile of `source`)
UNWIND $keys AS wanted
MATCH (t:Token {key: wanted})
USING INDEX SEEK t:Token(key)
RETURN 'TOKEN' AS kind, t.key AS key, t.count AS count, null AS source, null AS id, null AS number,
       null AS version, null AS card
UNION ALL
UNWIND $beginnings AS wanted
MATCH (t:Token {start: wanted.start})
USING INDEX SEEK t:Token(start)
WHERE t.key STARTS WITH wanted.text
WITH t
ORDER BY t.count DESC, t.key
LIMIT $mostTokens
RETURN 'TOKEN' AS kind, t.key AS key, t.count AS count, null AS source, null AS id, null AS number,
       null AS version, null AS card
UNION ALL
UNWIND $identifiers AS wanted
MATCH (i:Identifier {key: wanted})
USING INDEX SEEK i:Identifier(key)
MATCH (i)<-[held:HAS_IDENTIFIER]-(p:Profile)
WHERE held.closedAt IS NULL
MATCH (p)-[:BELONGS_TO]->(c:Customer)
WITH DISTINCT wanted, p.source AS source, c
ORDER BY c.number, wanted, source
LIMIT $most
RETURN 'IDENTIFIER' AS kind, wanted AS key, null AS count, source, c.id AS id, c.number AS number,
       c.version AS version, c.card AS card
UNION ALL
UNWIND $orders AS wanted
MATCH (n:Interaction {orderId: wanted})
USING INDEX SEEK n:Interaction(orderId)
MATCH (n)<-[:HOLDS]-(:Period)<-[:ACTIVE_IN]-(p:Profile)
MATCH (p)-[:BELONGS_TO]->(c:Customer)
WITH DISTINCT wanted, p.source AS source, c
ORDER BY c.number, wanted, source
LIMIT $most
RETURN 'ORDER' AS kind, wanted AS key, null AS count, source, c.id AS id, c.number AS number,
       c.version AS version, c.card AS card
UNION ALL
UNWIND $rows AS wanted
MATCH (p:Profile {sourceId: wanted})
USING INDEX SEEK p:Profile(sourceId)
MATCH (p)-[:BELONGS_TO]->(c:Customer)
WITH DISTINCT wanted, p.source AS source, c
ORDER BY c.number, wanted, source
LIMIT $most
RETURN 'ROW' AS kind, wanted AS key, null AS count, source, c.id AS id, c.number AS number,
       c.version AS version, c.card AS card
