// Leave of erased profiles the tombstones: key, number and the customer's id that they began with.
// params: profiles
// mode: write
// row: none
UNWIND $profiles AS wanted
MATCH (p:Profile {key: wanted})
USING INDEX SEEK p:Profile(key)
MATCH (p)-[tie:HAS_IDENTIFIER|HAS_KEY|BELONGS_TO|BELONGED_TO]->()
DELETE tie
