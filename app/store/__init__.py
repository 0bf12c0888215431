"""The encrypted store: the only code that speaks SQL to our own databases."""
