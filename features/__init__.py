"""What is known: the data contract, the errors, and every feature as of a date."""
