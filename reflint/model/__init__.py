"""Plain values: records, edits, findings and the grammars of the field. No input or output."""
