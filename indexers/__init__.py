"""Indexers turn what a person keeps into items; each source is one module, its name is its key.

An indexer module has ``scan(root) -> Iterator[Unit | Skipped]`` (the files that belong to it) and
``read(path) -> Iterator[Item | Skipped]`` (what one file holds). It imports nothing of ``app``,
opens no network connection, and runs in a reader process under limits: see ``_pulse`` for the time.

Three more are optional. ``portions(path, after, grown)`` reads a file for which ``large(path)`` says so, with
:class:`~indexers.item.Mark` between its parts, and goes on after one of them; ``grown`` says that the file
has changed since, perhaps only at its end. ``warily(path, after, grown, why, over)`` does so of a file of
any size in which something ended its reader, with a mark before each piece and ``why`` in place of the one
at fault, once that is found (``over``). ``concerned(root, changed) -> Path | None`` is the least place
whose ``scan`` tells all that a scan of ``root`` would tell anew after ``changed`` did; None for nothing.
"""
