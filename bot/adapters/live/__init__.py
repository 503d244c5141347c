"""Live events: PostgreSQL's notices on one side, browsers on the other."""
