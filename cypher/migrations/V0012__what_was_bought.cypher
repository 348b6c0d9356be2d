// What profiles bought and were offered, by product: one relationship for each.
// params: none
// mode: schema
// row: none
CREATE CONSTRAINT bought_key IF NOT EXISTS FOR ()-[r:BOUGHT]-() REQUIRE r.key IS UNIQUE;
CREATE CONSTRAINT offered_key IF NOT EXISTS FOR ()-[r:OFFERED]-() REQUIRE r.key IS UNIQUE;
