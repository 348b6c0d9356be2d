"""From a record to evidence in the graph and customers resolved from it."""
