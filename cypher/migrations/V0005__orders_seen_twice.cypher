// Order numbers that are nobody's, and the purchases of profiles whose order several sources saw.
// params: none
// mode: schema
// row: none
CREATE CONSTRAINT order_key IF NOT EXISTS FOR (n:Order) REQUIRE n.key IS UNIQUE;
CREATE CONSTRAINT sighted_key IF NOT EXISTS FOR ()-[r:SIGHTED]-() REQUIRE r.key IS UNIQUE;
