// Erase the periods of erased profiles, which hold nothing any more.
// params: profiles
// mode: write
// row: none
UNWIND $profiles AS wanted
MATCH (p:Profile {key: wanted})
USING INDEX SEEK p:Profile(key)
MATCH (p)-[:ACTIVE_IN]->(d:Period)
DETACH DELETE d
