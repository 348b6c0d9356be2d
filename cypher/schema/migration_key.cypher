// The one constraint that must be there before the migrations can be counted and locked.
// params: none
// mode: schema
// row: none
CREATE CONSTRAINT migration_version IF NOT EXISTS FOR (n:Migration) REQUIRE n.version IS UNIQUE;
