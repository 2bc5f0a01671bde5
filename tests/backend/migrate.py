"""What the backend has run before each deploy takes over: it makes what is missing of app.py's indexes and tables."""

from app import prepare_mongodb, prepare_postgres

prepare_mongodb()
prepare_postgres()
print("migrated", flush=True)
