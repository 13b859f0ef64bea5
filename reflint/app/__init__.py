"""Use cases: functions on plain arguments."""
