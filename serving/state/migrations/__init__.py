"""Migrations of the state database, in order; none is ever changed once it was released."""
