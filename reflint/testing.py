"""For authors of rule packs: a pack's examples as test cases.

@pytest.mark.parametrize("outcome", list(reflint.testing.run_examples(Path("my-pack"))), ids=str)
def test_example(outcome):
    assert not outcome.fault
"""

from reflint.engine.examples import Outcome, run_examples

__all__ = ["Outcome", "run_examples"]
