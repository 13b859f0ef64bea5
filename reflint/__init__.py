"""reflint: find and repair the defects of bibliographic records, wherever they live."""

__version__ = "0.1.0.dev0"
