// Uniqueness of everything that a MERGE names, and the lookups that reads start from.
// Only IS UNIQUE constraints and range indexes on one property: both engines have these alone.
// params: none
// mode: schema
// row: none
CREATE CONSTRAINT profile_key IF NOT EXISTS FOR (n:Profile) REQUIRE n.key IS UNIQUE;
CREATE CONSTRAINT profile_number IF NOT EXISTS FOR (n:Profile) REQUIRE n.number IS UNIQUE;
CREATE CONSTRAINT profile_customer_id IF NOT EXISTS FOR (n:Profile) REQUIRE n.customerId IS UNIQUE;
CREATE CONSTRAINT identifier_key IF NOT EXISTS FOR (n:Identifier) REQUIRE n.key IS UNIQUE;
CREATE CONSTRAINT customer_id IF NOT EXISTS FOR (n:Customer) REQUIRE n.id IS UNIQUE;
CREATE INDEX customer_bucket IF NOT EXISTS FOR (n:Customer) ON (n.bucket);
CREATE CONSTRAINT interaction_key IF NOT EXISTS FOR (n:Interaction) REQUIRE n.key IS UNIQUE;
CREATE INDEX interaction_bucket IF NOT EXISTS FOR (n:Interaction) ON (n.bucket);
CREATE CONSTRAINT period_key IF NOT EXISTS FOR (n:Period) REQUIRE n.key IS UNIQUE;
CREATE CONSTRAINT product_key IF NOT EXISTS FOR (n:Product) REQUIRE n.key IS UNIQUE;
CREATE CONSTRAINT source_name IF NOT EXISTS FOR (n:Source) REQUIRE n.name IS UNIQUE;
CREATE CONSTRAINT counter_key IF NOT EXISTS FOR (n:Counter) REQUIRE n.key IS UNIQUE;
CREATE CONSTRAINT change_seq IF NOT EXISTS FOR (n:Change) REQUIRE n.seq IS UNIQUE;
CREATE CONSTRAINT has_identifier_key IF NOT EXISTS FOR ()-[r:HAS_IDENTIFIER]-() REQUIRE r.key IS UNIQUE;
CREATE CONSTRAINT belongs_to_key IF NOT EXISTS FOR ()-[r:BELONGS_TO]-() REQUIRE r.key IS UNIQUE;
CREATE CONSTRAINT about_key IF NOT EXISTS FOR ()-[r:ABOUT]-() REQUIRE r.key IS UNIQUE;
