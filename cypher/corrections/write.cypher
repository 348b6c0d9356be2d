// Write a correction of a trait, and note it at the profile, so that resolution has it with the profile.
// params: id, profile, name, value, reason, by, at, mark
// mode: write
// row: id
CREATE (x:Correction {id: $id, name: $name, value: $value, reason: $reason, by: $by, at: $at})
WITH x
MERGE (p:Profile {key: $profile})
CREATE (x)-[:CORRECTS {key: $id}]->(p)
SET p.corrected = coalesce(p.corrected, []) + [$mark]
RETURN x.id AS id
