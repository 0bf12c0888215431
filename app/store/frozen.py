"""A database whose disk takes no writes: how it can be read all the same.

Its write-ahead log cannot be opened there, since its index needs a file beside it. Closed in good
order a database has no log, and is read as one that does not change. One with a log is copied,
encrypted as it is, to where temporary files go.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from app.core.errors import translate


class Frozen:
    """The address to read ``path`` at. Raises NoSpace where its log can be copied to nowhere."""

    def __init__(self, path: Path) -> None:
        self._folder: Path | None = None
        log = path.with_name(path.name + "-wal")
        if not log.exists() or log.stat().st_size == 0:
            self.address = f"{path.absolute().as_uri()}?immutable=1"
            return
        try:
            self._folder = Path(tempfile.mkdtemp(prefix="homebody-"))
            for file in (path, log):
                shutil.copyfile(file, self._folder / file.name)
        except OSError as error:
            self.close()
            raise translate(error, str(path)) from error
        self.address = (self._folder / path.name).as_uri()

    def close(self) -> None:
        """The copy goes, where there is one."""
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
