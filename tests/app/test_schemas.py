"""The JSON Schemas that are published."""

from __future__ import annotations

import jsonschema
import pytest

from reflint.app.rules import catalogue, core_pack
from reflint.app.schemas import schemas
from reflint.engine.pack import read_rule, rule_files


@pytest.mark.parametrize("name", schemas())
def test_each_schema_is_one(name: str):
    jsonschema.Draft202012Validator.check_schema(schemas()[name])


def test_the_catalogue_and_every_rule_file_are_valid_by_it():
    jsonschema.validate({"rules": catalogue()}, schemas()["rules"])
    validator = jsonschema.Draft202012Validator(schemas()["rule-file"])
    for path in rule_files(core_pack().folder):
        assert [error.message for error in validator.iter_errors(read_rule(path))] == [], path.name
