// Profiles that were erased and are known again need no successor.
// params: profiles
// mode: write
// row: none
UNWIND $profiles AS wanted
MATCH (p:Profile {key: wanted})
USING INDEX SEEK p:Profile(key)
MATCH (p)-[heir:SUCCEEDED_BY]->(:Profile)
DELETE heir
