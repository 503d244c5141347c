"""PostgreSQL: tables, repositories, migrations, and the server that ships inside a Python package."""
