// The customers of profiles with an open ticket, the most urgent and of those the longest waiting first, with what
// their profiles tell of tickets, calls and orders. `found` counts the profiles.
// params: most
// mode: read
// row: see the fragment
// then: desk/waiting
MATCH (p:Profile {ticketOpen: true})
WITH p
ORDER BY p.ticketUrgency DESC, p.ticketSince, p.number
LIMIT $most
WITH collect(p) AS waiting
