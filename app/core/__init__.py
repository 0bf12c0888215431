"""Types, errors, settings, policy, paths and time: no Qt, no SQL, no model, no network."""
