// Decisions of people, each known by its id and, in the order they were made, by its number.
// params: none
// mode: schema
// row: none
CREATE CONSTRAINT decision_id IF NOT EXISTS FOR (n:Decision) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT decision_number IF NOT EXISTS FOR (n:Decision) REQUIRE n.number IS UNIQUE;
CREATE CONSTRAINT decides_key IF NOT EXISTS FOR ()-[r:DECIDES]-() REQUIRE r.key IS UNIQUE;
