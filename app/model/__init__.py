"""Language model, embedder and text recognition, each in a process of its own."""
