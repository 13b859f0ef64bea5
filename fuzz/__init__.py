"""Fuzzing with atheris: inputs that nobody has written yet, searched by what they make the code do (`make fuzz`)."""
