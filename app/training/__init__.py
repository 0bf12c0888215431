"""Training and measuring adapters: the only place besides the embedder where torch is imported."""
