// Erase the notes about profiles that are erased: they tell of the person.
// params: profiles
// mode: write
// row: none
UNWIND $profiles AS wanted
MATCH (p:Profile {key: wanted})
USING INDEX SEEK p:Profile(key)
MATCH (p)<-[:WRITTEN_ABOUT]-(x:Note)
DETACH DELETE x
