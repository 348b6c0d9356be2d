// What the search of sellers starts from: tokens, order numbers, and the ids of a source's own rows.
// params: none
// mode: schema
// row: none
CREATE CONSTRAINT token_key IF NOT EXISTS FOR (n:Token) REQUIRE n.key IS UNIQUE;
CREATE INDEX token_start IF NOT EXISTS FOR (n:Token) ON (n.start);
CREATE INDEX interaction_order IF NOT EXISTS FOR (n:Interaction) ON (n.orderId);
CREATE INDEX profile_source_id IF NOT EXISTS FOR (n:Profile) ON (n.sourceId);
