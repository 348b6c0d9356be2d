// Give profiles what was counted of their purchases, tickets and calls.
// params: rows
// mode: write
// row: none
UNWIND $rows AS row
MERGE (p:Profile {key: row.profile})
SET p += {facts: row.facts, desk: row.desk, ticketOpen: row.ticketOpen, ticketUrgency: row.ticketUrgency,
  ticketSince: row.ticketSince, calledOn: row.calledOn}
