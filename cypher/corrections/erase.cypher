// Erase the corrections of profiles that are erased: they are values of the person.
// params: profiles
// mode: write
// row: done
UNWIND $profiles AS wanted
MATCH (p:Profile {key: wanted})
USING INDEX SEEK p:Profile(key)
MATCH (p)<-[:CORRECTS]-(x:Correction)
DETACH DELETE x
WITH count(*) AS done
UNWIND $profiles AS wanted
MERGE (p:Profile {key: wanted})
SET p.corrected = null
RETURN count(*) AS done
