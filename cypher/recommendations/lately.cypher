// The customers of the profiles nearest to a customer, and what these bought lately, by these and by their others.
// Where hardly anybody shares a product, those of its household and place stand in, the last seen first.
// What they bought since $since, and for $upgrades whenever it was of what is $owned, is a list for each purchase: what
// makes a Product of it comes in the order of its fields. What was bought is told by the key of the purchase, so that no
// older purchase's product is looked at. It is added up by whoever asks: the embedded engine holds what it groups, and
// some bought hundreds of products. Neither lists nor nodes go along where rows are grouped: it keeps each of them for
// every row. A profile's purchases are not sought by way of its customer, which is as many steps again.
// unordered: which customers of a city are looked at is as good as any; all others are put in order by whoever asks
// params: customer, near, since, upgrades, owned, like, few, place, home, doubtful
// mode: read
// row: version, near[][place, id, number, how many products, purchases[]], more[][id, purchases[]], beside[][id, purchases[]], home (how many of them); a purchase is [product, first, last, name, category, price, currency, buyers]
MATCH (c:Customer {id: $customer})
USING INDEX SEEK c:Customer(id)
CALL (c) {
  UNWIND $near AS number
  MATCH (q:Profile {number: number})
  USING INDEX SEEK q:Profile(number)
  WHERE NOT q.source IN $doubtful
  MATCH (q)-[:BELONGS_TO]->(n:Customer)
  WHERE n.id <> c.id
  WITH q, n, [one IN $owned | q.key + '>' + one] AS owned
  WITH n.number AS place, n.id AS id, n.size AS size, q.number AS number, coalesce(q.products, 1) AS products,
       [(q)-[b:BOUGHT]->(y:Product) WHERE (b.last >= $since OR ($upgrades AND b.key IN owned)) AND b.times > 0
         | [y.key, b.first, b.last, y.name, y.category, y.price, y.currency, y.buyers]] AS purchases
  RETURN collect([place, id, number, products, purchases]) AS near, collect(DISTINCT id) AS ids,
         collect(DISTINCT CASE WHEN size = 1 THEN null ELSE id END) AS several
}
CALL (several) {
  UNWIND several AS id
  MATCH (n:Customer {id: id})
  USING INDEX SEEK n:Customer(id)
  MATCH (n)<-[:BELONGS_TO]-(q:Profile)
  WHERE NOT q.source IN $doubtful AND NOT q.number IN $near
  WITH q, id, [one IN $owned | q.key + '>' + one] AS owned
  WITH id,
       [(q)-[b:BOUGHT]->(y:Product) WHERE (b.last >= $since OR ($upgrades AND b.key IN owned)) AND b.times > 0
         | [y.key, b.first, b.last, y.name, y.category, y.price, y.currency, y.buyers]] AS purchases
  RETURN collect([id, purchases]) AS more
}
CALL (c, ids) {
  UNWIND CASE WHEN $home AND size(ids) < $few THEN [c.household] ELSE [] END AS home
  MATCH (h:Household {id: home})
  USING INDEX SEEK h:Household(id)
  MATCH (h)<-[:LIVES_IN]-(n:Customer)
  WHERE n.id <> c.id AND NOT n.id IN ids
  WITH n
  ORDER BY n.number
  LIMIT $like
  RETURN collect(n) AS homeNodes, collect(n.id) AS homeIds
}
CALL (c, ids, homeIds) {
  UNWIND CASE WHEN size(ids) < $few THEN [c.t_city] ELSE [] END AS city
  MATCH (n:Customer {t_city: city})
  USING INDEX SEEK n:Customer(t_city)
  WHERE n.id <> c.id AND NOT n.id IN ids AND NOT n.id IN homeIds
  WITH n
  LIMIT $place
  WITH n
  ORDER BY n.bySeen DESC
  LIMIT $like
  RETURN collect(n) AS placeNodes
}
WITH c, near, more, size(homeIds) AS home, homeNodes + placeNodes AS nodes
CALL (nodes) {
  UNWIND nodes AS n
  CALL (n) {
    MATCH (n)<-[:BELONGS_TO]-(q:Profile)-[b:BOUGHT]->(y:Product)
    WHERE b.last >= $since AND b.times > 0 AND NOT q.source IN $doubtful
    RETURN collect([y.key, b.first, b.last, y.name, y.category, y.price, y.currency, y.buyers]) AS purchases
  }
  RETURN collect([n.id, purchases]) AS beside
}
RETURN c.version AS version, near, more, beside, home
