// Customers with at most so many interactions in a period; what is null is not asked for.
// params: from, to, type, name, channel, currency, least, most, count
// mode: fragment
// row: none
COUNT {
  MATCH (c)<-[:BELONGS_TO]-(:Profile)-[:ACTIVE_IN]->(d:Period)-[:HOLDS]->(n:Interaction)
  WHERE d.latest >= $from AND d.earliest < $to AND n.at >= $from AND n.at < $to
    AND ($type IS NULL OR n.type = $type) AND ($name IS NULL OR n.name = $name)
    AND ($channel IS NULL OR n.channel = $channel)
    AND ($currency IS NULL OR (n.currency = $currency AND n.amount >= $least AND n.amount <= $most))
} <= $count
