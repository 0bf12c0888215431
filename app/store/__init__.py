"""The encrypted store: index.db (disposable, rebuilt from the sources) and user.db (never lost)."""
