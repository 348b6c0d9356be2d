// Possible matches, each known by its id, listed in the order of `place` and waiting until a time. `profile-graph
// resolve --all` finds those of the customers that are there.
// params: none
// mode: schema
// row: none
CREATE CONSTRAINT match_id IF NOT EXISTS FOR (n:Match) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT between_key IF NOT EXISTS FOR ()-[r:BETWEEN]-() REQUIRE r.key IS UNIQUE;
CREATE INDEX match_place IF NOT EXISTS FOR (n:Match) ON (n.place);
CREATE INDEX match_until IF NOT EXISTS FOR (n:Match) ON (n.until);
