// Write a note about a profile.
// params: id, profile, text, by, at
// mode: write
// row: number
MERGE (n:Counter {key: 'notes'})
ON CREATE SET n.n = 0
SET n.n = n.n + 1
WITH n.n AS number
MERGE (p:Profile {key: $profile})
CREATE (x:Note {id: $id, number: number, text: $text, by: $by, at: $at})-[:WRITTEN_ABOUT {key: $id}]->(p)
RETURN number
