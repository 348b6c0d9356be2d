// Make sure that blocking keys are there; they are counted when their holders are resolved.
// params: keys
// mode: write
// row: none
UNWIND $keys AS wanted
MERGE (i:Identifier {key: wanted})
ON CREATE SET i.namespace = split(wanted, '|')[0], i.value = wanted, i.generic = false
