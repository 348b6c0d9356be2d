// Leave customers to the background: their component is above the limit.
// params: ids
// mode: write
// row: none
UNWIND $ids AS wanted
MATCH (c:Customer {id: wanted})
USING INDEX SEEK c:Customer(id)
SET c += {pending: true, version: c.version + 1}
