"""The one process mechanism: spawn, typed frames, streaming, cancel, kill, limits, sandbox."""
