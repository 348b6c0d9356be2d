// What people said of pairs of profiles, for measuring a policy: by id, by pair, and by the order in which they said it.
// params: none
// mode: schema
// row: none
CREATE CONSTRAINT label_id IF NOT EXISTS FOR (n:Label) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT label_key IF NOT EXISTS FOR (n:Label) REQUIRE n.key IS UNIQUE;
CREATE CONSTRAINT label_number IF NOT EXISTS FOR (n:Label) REQUIRE n.number IS UNIQUE;
CREATE CONSTRAINT labels_key IF NOT EXISTS FOR ()-[r:LABELS]-() REQUIRE r.key IS UNIQUE;
