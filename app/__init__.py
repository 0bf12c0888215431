"""Homebody: a private assistant that lives on your own computer."""
