// The audit log: entries by number and by id, and the numbers of the entries that name somebody.
// params: none
// mode: schema
// row: none
CREATE CONSTRAINT audit_entry_seq IF NOT EXISTS FOR (n:AuditEntry) REQUIRE n.seq IS UNIQUE;
CREATE CONSTRAINT audit_entry_id IF NOT EXISTS FOR (n:AuditEntry) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT audit_trail_key IF NOT EXISTS FOR (n:AuditTrail) REQUIRE n.key IS UNIQUE;
CREATE CONSTRAINT audit_block_key IF NOT EXISTS FOR (n:AuditBlock) REQUIRE n.key IS UNIQUE;
