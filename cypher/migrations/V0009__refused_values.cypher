// How often values were refused, by source, namespace and reason.
// params: none
// mode: schema
// row: none
CREATE CONSTRAINT refusal_key IF NOT EXISTS FOR (n:Refusal) REQUIRE n.key IS UNIQUE;
