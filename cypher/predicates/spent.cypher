// Customers who spent in a currency, net, between two bounds, the first of which belongs to it.
// params: from, to
// mode: fragment
// row: none
any(place IN coalesce(c.spends, []) WHERE place >= $from AND place < $to)
