"""How a compiled rule is put on disk, as subclasses of Numba's private classes; :mod:`sim.rule_cache` guards them.

Numba's own cache notices a change in the file of a compiled function, not in the files of the functions it calls, keeps
a copy for each folder that a package is installed in, and ends with an error when a file of it is damaged. Here the
folder is named by a hash of every source file that can reach a compiled function, so all installations of one version
share one copy; a file that is not what was written is compiled anew. Numba's cache of the user's own functions is left
alone.
"""

from __future__ import annotations

import hashlib
import pickle
import sys
from pathlib import Path
from typing import Any

from numba.core.caching import Cache, CompileResultCacheImpl, IndexDataCacheFile, _CacheLocator
from numba.core.runtime.nrt import rtsys

from sim.rule_folders import prune, say

DIGEST = 32
"""Bytes of the digest before the content of a file."""


class Told:
    """Whether this process has said that rules are being compiled, or that they could not be kept."""

    compiling = False
    unkept = False


class RuleFile(IndexDataCacheFile):
    """Index and code of one rule, each behind a digest of its content."""

    def _dump(self, obj: Any) -> bytes:
        content: bytes = super()._dump(obj)
        return hashlib.sha256(content).digest() + content

    def _load_index(self) -> dict[Any, str]:
        """Names of the code files by key; empty where the index is missing, damaged or of another version."""
        try:
            content = Path(self._index_path).read_bytes()
        except OSError:
            return {}
        version = pickle.dumps(self._version, protocol=-1)
        found = _undamaged(content.removeprefix(version)) if content.startswith(version) else None
        if found is None:
            return {}
        stamp, overloads = found
        return overloads if stamp == self._source_stamp else {}

    def _load_data(self, name: str) -> Any:
        """The code in a file, or None where it is damaged."""
        return _undamaged(Path(self._data_path(name)).read_bytes())


def _undamaged(content: bytes) -> Any:
    """The object that was written, or None if the bytes are not those that were."""
    digest, rest = content[:DIGEST], content[DIGEST:]
    return pickle.loads(rest) if hashlib.sha256(rest).digest() == digest else None


class RuleLocator(_CacheLocator):
    """Where a rule is kept, and what it was compiled from.

    Args:
        function: the rule.
        folder: the folder of all rules of this version.
        package: the folder of the package.
    """

    def __init__(self, function: Any, folder: Path, package: Path) -> None:
        self._line = function.__code__.co_firstlineno
        self._py_file = function.__code__.co_filename
        self._folder = folder / Path(self._py_file).parent.relative_to(package)
        own = Path(self._py_file).read_bytes()
        self._stamp = f"{folder.name} {hashlib.sha256(own).hexdigest()}"

    def get_cache_path(self) -> str:
        """Folder of the rule's files."""
        return str(self._folder)

    def get_source_stamp(self) -> str:
        """Hash of the sources, which names the folder, and of the file of the rule, which need not be among them."""
        return self._stamp

    def get_disambiguator(self) -> str:
        """What tells rules of one name in files of one name apart."""
        return str(self._line)


class _RuleImpl(CompileResultCacheImpl):
    """How a rule is put into bytes; it does not ask the user's settings where to."""

    def __init__(self, function: Any, locator: RuleLocator) -> None:
        self._locator = locator
        self._lineno = function.__code__.co_firstlineno
        name = f"{Path(function.__code__.co_filename).stem}.{function.__qualname__}"
        self._filename_base = self.get_filename_base(name, getattr(sys, "abiflags", ""))


class RuleCache(Cache):
    """The cache of one rule.

    Args:
        function: the rule as written.
        folder: the folder of all rules of this version.
        package: the folder of the package.
    """

    def __init__(self, function: Any, folder: Path, package: Path) -> None:
        self._name = repr(function)
        self._py_func = function
        self._folder = folder
        self._impl = _RuleImpl(function, RuleLocator(function, folder, package))
        self._cache_path = self._impl.locator.get_cache_path()
        stamp = self._impl.locator.get_source_stamp()
        self._cache_file = RuleFile(self._cache_path, self._impl.filename_base, stamp)
        self.enable()

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """The compiled rule, or None if it must be compiled, which is said once.

        Numba would first read all it knows to compile, with SciPy's linear algebra and more: a third of a second of
        each start. Compiled rules need its memory management alone; the compiler reads the rest where it is called.
        """
        rtsys.initialize(target_context)
        found = None
        with self._guard_against_spurious_io_errors():  # it may swallow one, on Windows
            found = self._load_overload(sig, target_context)
        if found is None and not Told.compiling:
            Told.compiling = True
            prune(self._folder.parent, keep=self._folder)
            say("Compiling the rules for this version, once; this takes about a minute ...")
        return found

    def save_overload(self, sig: Any, data: Any) -> None:
        """Keep a compiled rule; where the disk is full or the folder gone, it serves this process alone."""
        try:
            super().save_overload(sig, data)
        except OSError as error:
            if not Told.unkept:
                Told.unkept = True
                reason = error.strerror or error
                say(f"The compiled rules cannot be kept in {self._cache_path} ({reason}); they are compiled each time")
