"""Compiled rules on disk: found by what they were compiled from, checked before use, announced when they are missing.

What is private to Numba is used here and in :mod:`sim.rule_files`, and nowhere else. A version of Numba that has
changed it costs time or room on the disk; it breaks nothing.
"""

from __future__ import annotations

import hashlib
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import numba
<<<<<<< HEAD
=======
from numba.core.caching import Cache, CompileResultCacheImpl, IndexDataCacheFile, _CacheLocator
from numba.core.runtime.nrt import rtsys
>>>>>>> h8

from sim.rule_folders import say, used

<<<<<<< HEAD
LONGEST_NAME = 200
SYMBOLS = "numba.core.itanium_mangler"
FILES = "sim.rule_files"
=======

class Told:
    """Whether this process has said that rules are being compiled, or that they could not be kept."""

    compiling = False
    unkept = False


def _say(message: str) -> None:
    """One line on stderr, from the process that a user started and not from its workers."""
    if multiprocessing.parent_process() is None and sys.stderr is not None:
        print(message, file=sys.stderr, flush=True)


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
        self._stamp = folder.name

    def get_cache_path(self) -> str:
        """Folder of the rule's files."""
        return str(self._folder)

    def get_source_stamp(self) -> str:
        """Hash of the sources, which names the folder already."""
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
            _say("Compiling the rules for this version, once; this takes about a minute ...")
        return found

    def save_overload(self, sig: Any, data: Any) -> None:
        """Keep a compiled rule; where the disk is full or the folder gone, it serves this process alone."""
        try:
            super().save_overload(sig, data)
        except OSError as error:
            if not Told.unkept:
                Told.unkept = True
                reason = error.strerror or error
                _say(f"The compiled rules cannot be kept in {self._cache_path} ({reason}); they are compiled each time")
>>>>>>> h8


def kept(dispatcher: Any, folder: Path, package: Path) -> Any:
    """A compiled function of the package that is kept in ``folder``; others are Numba's own affair."""
    written = getattr(dispatcher, "py_func", None)
    if written is None or numba.config.DISABLE_JIT:  # type: ignore[attr-defined, unused-ignore]
        return dispatcher
    files = _files(folder)
    if files and Path(written.__code__.co_filename).is_relative_to(package):
        try:
            dispatcher._cache = files.RuleCache(written, folder, package)
        except (AttributeError, TypeError):
            _unknown()
    return dispatcher


@cache
def _files(folder: Path) -> ModuleType | None:
    """The module that keeps rules, on the first use of a folder; none where Numba lacks what it is built on."""
    used(folder)
    try:
        return import_module(FILES)
    except (ImportError, AttributeError, TypeError):
        _unknown()
        return None


@cache
def _unknown() -> None:
    """Say once that this Numba is another one than the cache was written for."""
    say(f"Numba {numba.__version__} keeps compiled functions in a way not known here; rules are compiled each time")


def short_symbols() -> bool:
    """Shorten what Numba calls the types of rules, for the whole process; whether this Numba lets us.

    It spells out every field of a record, 20 kB a symbol and 239 MB a cache against 44 MB. The function that is
    replaced is private: where it is gone, or is no longer one from a type to its name, names stay as they are.
    """
    try:
        mangler: Any = import_module(SYMBOLS)
        name_of = mangler.mangle_type_or_value
        if not isinstance(name_of(numba.types.float64), str):
            return False
    except Exception:  # noqa: BLE001 - whatever Numba has made of it, rules compile with long names, too
        return False

    def short_name(kind: Any) -> str:
        name: str = name_of(kind)
        return name if len(name) < LONGEST_NAME else "33t" + hashlib.sha256(name.encode()).hexdigest()[:32]

    mangler.mangle_type_or_value = short_name
    return True
