// Profiles by key, as resolution knows them, without those that were erased.
// params: keys
// mode: read
// row: see the fragment
// then: identity/members
UNWIND $keys AS wanted
MATCH (p:Profile {key: wanted})
USING INDEX SEEK p:Profile(key)
MATCH (p)-[:BELONGS_TO]->(:Customer)
WITH DISTINCT p
