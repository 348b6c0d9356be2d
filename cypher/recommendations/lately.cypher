// The customers of the profiles nearest to a customer, and what these bought lately, by these and by their others.
// Where hardly anybody shares a product, those of its household and place stand in, the last seen first.
// What a profile bought are the lists that it keeps, the last first: for $upgrades all, else what it bought since $since.
// What such a product is comes once, however many bought it; all is added up by whoever asks.
// Neither lists nor nodes go along where rows are grouped: the embedded engine keeps each of them for every row.
// A profile's purchases are not sought by way of its customer, which is as many steps again.
// unordered: which customers of a city are looked at is as good as any; all others are put in order by whoever asks
// params: customer, near, since, upgrades, like, few, place, home, doubtful
// mode: read
// row: version, near[][place, id, number, how many products, *purchases], more[][id, *purchases], beside[][id, *purchases], home[], around[], products[][product, name, category, price, currency, buyers]; purchases are products[], firsts[], lasts[]
MATCH (c:Customer {id: $customer})
USING INDEX SEEK c:Customer(id)
CALL (c) {
  UNWIND $near AS number
  MATCH (q:Profile {number: number})
  USING INDEX SEEK q:Profile(number)
  WHERE NOT q.source IN $doubtful
  MATCH (q)-[:BELONGS_TO]->(n:Customer)
  WHERE n.id <> c.id
  WITH n.number AS place, n.id AS id, n.size AS size, q.number AS number, coalesce(q.products, 1) AS products,
       coalesce(q.bought, []) AS bought, coalesce(q.boughtFirst, []) AS firsts, coalesce(q.boughtLast, []) AS lasts,
       size([one IN coalesce(q.boughtLast, []) WHERE one >= $since]) AS lately
  WITH place, id, size, number, products, bought, firsts, lasts, lately,
       CASE WHEN $upgrades THEN size(bought) ELSE lately END AS most
  RETURN collect([place, id, number, products, bought[..most], firsts[..most], lasts[..most]]) AS near,
         collect(DISTINCT id) AS ids, collect(DISTINCT CASE WHEN size = 1 THEN null ELSE id END) AS several,
         collect(bought[..lately]) AS nearLately
}
CALL (several) {
  UNWIND several AS id
  MATCH (n:Customer {id: id})
  USING INDEX SEEK n:Customer(id)
  MATCH (n)<-[:BELONGS_TO]-(q:Profile)
  WHERE q.bought IS NOT NULL AND NOT q.source IN $doubtful AND NOT q.number IN $near
  WITH id, q.bought AS bought, q.boughtFirst AS firsts, q.boughtLast AS lasts,
       size([one IN q.boughtLast WHERE one >= $since]) AS lately
  WITH id, bought, firsts, lasts, lately, CASE WHEN $upgrades THEN size(bought) ELSE lately END AS most
  RETURN collect([id, bought[..most], firsts[..most], lasts[..most]]) AS more, collect(bought[..lately]) AS moreLately
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
  RETURN collect(n.id) AS home
}
CALL (c, ids, home) {
  UNWIND CASE WHEN size(ids) < $few THEN [c.t_city] ELSE [] END AS city
  MATCH (n:Customer {t_city: city})
  USING INDEX SEEK n:Customer(t_city)
  WHERE n.id <> c.id AND NOT n.id IN ids AND NOT n.id IN home
  WITH n
  LIMIT $place
  WITH n
  ORDER BY n.bySeen DESC
  LIMIT $like
  RETURN collect(n.id) AS around
}
WITH c, near, more, home, around, home + around AS others, nearLately + moreLately AS lately
CALL (others) {
  UNWIND others AS id
  MATCH (n:Customer {id: id})
  USING INDEX SEEK n:Customer(id)
  MATCH (n)<-[:BELONGS_TO]-(q:Profile)
  WHERE q.bought IS NOT NULL AND NOT q.source IN $doubtful
  WITH id, q.bought AS bought, q.boughtFirst AS firsts, q.boughtLast AS lasts,
       size([one IN q.boughtLast WHERE one >= $since]) AS most
  RETURN collect([id, bought[..most], firsts[..most], lasts[..most]]) AS beside, collect(bought[..most]) AS besideLately
}
WITH c, near, more, home, around, beside, lately + besideLately AS lately
CALL (lately) {
  UNWIND lately AS some
  UNWIND some AS key
  WITH DISTINCT key
  MATCH (x:Product {key: key})
  USING INDEX SEEK x:Product(key)
  RETURN collect([x.key, x.name, x.category, x.price, x.currency, x.buyers]) AS products
}
RETURN c.version AS version, near, more, beside, home, around, products
