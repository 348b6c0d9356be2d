// Products by their keys.
// params: keys
// mode: read
// row: product, name, category, price, currency, buyers
UNWIND $keys AS wanted
MATCH (x:Product {key: wanted})
USING INDEX SEEK x:Product(key)
RETURN x.key AS product, x.name AS name, x.category AS category, x.price AS price, x.currency AS currency,
       x.buyers AS buyers
