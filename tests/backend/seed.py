"""What a short-lived stack is filled with after its migration, as often as it is deployed."""

from app import import_modules

planted = [{"slug": "graines", "title": "Les graines", "summary": "Pour essayer", "subject": "essai", "level": 1}]
print(f"seeded: {import_modules(planted)}", flush=True)
