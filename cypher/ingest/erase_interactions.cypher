// Erase some interactions of erased profiles; none left says that it is done.
// params: profiles, most
// mode: write
// row: erased (how many)
UNWIND $profiles AS wanted
MATCH (p:Profile {key: wanted})
USING INDEX SEEK p:Profile(key)
MATCH (p)-[:ACTIVE_IN]->(:Period)-[:HOLDS]->(n:Interaction)
WITH n
ORDER BY n.key
LIMIT $most
DETACH DELETE n
RETURN count(*) AS erased
