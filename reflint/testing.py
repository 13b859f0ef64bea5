"""For authors of rule packs: a pack's examples as test cases.

@pytest.mark.parametrize("outcome", list(reflint.testing.run_examples(Path("my-pack"))), ids=str)
def test_example(outcome):
    assert not outcome.fault
"""

from collections.abc import Iterator
from pathlib import Path

from reflint.engine import examples
from reflint.engine.examples import Outcome
from reflint.lookup.told import adviser_of

__all__ = ["Outcome", "run_examples"]


def run_examples(folder: Path) -> Iterator[Outcome]:
    """Validates every rule file of a pack and runs its examples; what registries answer in them is what they say."""
    return examples.run_examples(folder, adviser_of)
