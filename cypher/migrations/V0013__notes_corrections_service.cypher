// Notes and corrections by id and, of notes, in the order they were written; and the profiles of which a ticket is
// open, or a call of a day was not settled.
// params: none
// mode: schema
// row: none
CREATE CONSTRAINT note_id IF NOT EXISTS FOR (n:Note) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT note_number IF NOT EXISTS FOR (n:Note) REQUIRE n.number IS UNIQUE;
CREATE CONSTRAINT written_about_key IF NOT EXISTS FOR ()-[r:WRITTEN_ABOUT]-() REQUIRE r.key IS UNIQUE;
CREATE CONSTRAINT correction_id IF NOT EXISTS FOR (n:Correction) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT corrects_key IF NOT EXISTS FOR ()-[r:CORRECTS]-() REQUIRE r.key IS UNIQUE;
CREATE INDEX profile_ticket_open IF NOT EXISTS FOR (n:Profile) ON (n.ticketOpen);
CREATE INDEX profile_called_on IF NOT EXISTS FOR (n:Profile) ON (n.calledOn);
