// Create the product lines of new interactions. A product is called what the newest interaction calls it.
// params: rows
// mode: write
// row: none
UNWIND $rows AS row
MERGE (x:Product {key: row.product})
SET x.name = CASE WHEN row.name IS NOT NULL AND row.at >= coalesce(x.namedAt, row.at) THEN row.name ELSE x.name END,
    x.category = CASE WHEN row.category IS NOT NULL AND row.at >= coalesce(x.namedAt, row.at) THEN row.category ELSE x.category END
SET x.namedAt = CASE WHEN row.at >= coalesce(x.namedAt, row.at) THEN row.at ELSE x.namedAt END
MERGE (n:Interaction {key: row.interaction})
CREATE (n)-[:ABOUT {key: row.key, place: row.place, quantity: row.quantity, amount: row.amount}]->(x)
