"""Indexers turn what a person keeps into items; each source is one module, its name is its key.

An indexer module has ``scan(root) -> Iterator[Unit | Skipped]`` (the files that belong to it) and
``read(path) -> Iterator[Item | Skipped]`` (what one file holds). It imports nothing of ``app``,
opens no network connection, and runs in a reader process under limits.
"""
