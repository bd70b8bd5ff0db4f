"""What people do with the matrix, kept in SQL: SQLite by default, PostgreSQL by URL."""
