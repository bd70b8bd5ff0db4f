"""One file a step of the schema; a step goes one way."""
