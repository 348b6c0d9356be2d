// Write what the tickets and calls of profiles come to; of a profile that was erased, nothing.
// params: rows
// mode: write
// row: done
UNWIND $rows AS row
MERGE (p:Profile {key: row.profile})
SET p += {desk: row.desk, ticketOpen: row.ticketOpen, ticketUrgency: row.ticketUrgency, ticketSince: row.ticketSince,
  calledOn: row.calledOn}
RETURN count(*) AS done
