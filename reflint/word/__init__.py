"""Word manuscripts: the package, the citations of every reference manager, typed citations, the reference list."""
