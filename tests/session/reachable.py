"""A folder for a web server whose processes are of another user: pytest's own may be nobody else's."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def folder_for_anybody() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(dir="/tmp", prefix="prove-"))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
