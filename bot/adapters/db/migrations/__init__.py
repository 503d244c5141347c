"""Alembic migrations. A migration never imports the product's own code: it must stay what it was."""
