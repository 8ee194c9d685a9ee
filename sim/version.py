"""The version of the package, which everything else that names it takes from here."""

__version__ = "0.2.0"
