// Blocking keys, policies, households, the successors of erased profiles, and customers that wait for the
// background to resolve them.
// params: none
// mode: schema
// row: none
CREATE CONSTRAINT has_key_key IF NOT EXISTS FOR ()-[r:HAS_KEY]-() REQUIRE r.key IS UNIQUE;
CREATE CONSTRAINT lives_in_key IF NOT EXISTS FOR ()-[r:LIVES_IN]-() REQUIRE r.key IS UNIQUE;
CREATE CONSTRAINT succeeded_by_key IF NOT EXISTS FOR ()-[r:SUCCEEDED_BY]-() REQUIRE r.key IS UNIQUE;
CREATE CONSTRAINT policy_version IF NOT EXISTS FOR (n:Policy) REQUIRE n.version IS UNIQUE;
CREATE CONSTRAINT household_id IF NOT EXISTS FOR (n:Household) REQUIRE n.id IS UNIQUE;
CREATE INDEX customer_pending IF NOT EXISTS FOR (n:Customer) ON (n.pending);
