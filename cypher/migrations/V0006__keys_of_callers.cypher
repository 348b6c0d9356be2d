// The API keys of callers, by their ids.
// params: none
// mode: schema
// row: none
CREATE CONSTRAINT api_key_id IF NOT EXISTS FOR (n:ApiKey) REQUIRE n.id IS UNIQUE;
