"""Records that come with a request: linted, fixed, compared. The answers are those of the command line."""

from __future__ import annotations

import json
from typing import Any

import httpx2
import pytest
from jsonschema import Draft202012Validator

from reflint.app import api
from reflint.app.schemas import schemas
from reflint.reports.jsonout import finding_json
from tests.inputs import FIXTURES

RIS = (FIXTURES / "pure.ris").read_text()
ITEM: dict[str, Any] = {
    "key": "ABCD2345",
    "version": 7,
    "data": {
        "key": "ABCD2345",
        "version": 7,
        "itemType": "journalArticle",
        "title": "Storm tides in narrow harbours.",
        "creators": [{"creatorType": "author", "firstName": "Ngozi", "lastName": "Okafor"}],
        "publicationTitle": "Letters on Fog",
        "pages": "330-7",
        "date": "2014",
        "DOI": "https://doi.org/10.5555/tides.7",
        "tags": [{"tag": "sea"}],
    },
}
CSL: dict[str, Any] = {
    "id": "tides",
    "type": "article-journal",
    "title": "Storm tides in narrow harbours",
    "page": "330-7",
    "DOI": "https://doi.org/10.5555/tides.7",
    "issued": {"date-parts": [[2014]]},
    "custom": {"kept": [1, 2.5, None]},
}


def ask(client: httpx2.Client, path: str, **body: Any) -> Any:
    answer = client.post(path, json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


def lint(client: httpx2.Client, **body: Any) -> Any:
    return ask(client, "/v1/lint", **body)


def test_findings_of_a_text_are_those_of_the_command_line(client: httpx2.Client) -> None:
    found = lint(client, format="ris", text=RIS)
    expected = [finding_json(finding) for finding in api.check(RIS.encode())]
    assert found["findings"] == json.loads(json.dumps(expected))
    assert found["findings"]


@pytest.mark.parametrize(
    "body",
    [{"format": "ris", "text": RIS}, {"format": "zotero", "records": [ITEM]}, {"format": "csl", "records": [CSL]}],
)
def test_the_answer_is_the_json_model_with_patches(client: httpx2.Client, body: dict[str, Any]) -> None:
    found = lint(client, **body)
    patches = found.pop("patches")
    Draft202012Validator(schemas()["findings"]).validate(found)
    fixable = [number for number, finding in enumerate(found["findings"]) if finding["fix"]]
    assert [patch["finding"] for patch in patches] == fixable
    for patch in patches:
        finding = found["findings"][patch["finding"]]
        assert patch["fingerprint"] == finding["fingerprint"]
        assert patch["safety"] == finding["fix"]["safety"]
        assert len(patch["ops"]) == len(finding["fix"]["edits"])


def test_a_patch_names_item_version_and_values(client: httpx2.Client) -> None:
    found = lint(client, format="zotero", records=[ITEM], config={"select": ["PAG003"]})
    (patch,) = found["patches"]
    assert (patch["record"], patch["version"], patch["safety"]) == ("ABCD2345", 7, "safe")
    assert patch["ops"] == [{"op": "set", "field": "pages", "before": "330-7", "after": "330-337"}]


def test_bare_data_is_an_item_too(client: httpx2.Client) -> None:
    whole, bare = (lint(client, format="zotero", records=[item]) for item in (ITEM, ITEM["data"]))
    assert bare == whole


@pytest.mark.parametrize("format", ["zotero", "csl"])
def test_records_without_a_text_have_no_ranges(client: httpx2.Client, format: str) -> None:
    found = lint(client, format=format, records=[ITEM if format == "zotero" else CSL])
    assert {str(finding["range"]) for finding in found["findings"]} == {"None"}


def test_nothing_is_nothing_wrong(client: httpx2.Client) -> None:
    assert lint(client, format="zotero", records=[])["findings"] == []
    assert lint(client, format="ris", text="")["findings"] == []


@pytest.mark.parametrize("profile", ["minimal", "recommended", "strict"])
def test_settings_come_with_the_request(client: httpx2.Client, profile: str) -> None:
    found = lint(client, format="ris", text=RIS, config={"profile": profile})
    assert [one["fingerprint"] for one in found["findings"]] == [
        finding.fingerprint for finding in api.check(RIS.encode(), profile=profile)
    ]


def test_rules_are_chosen_silenced_and_weighed(client: httpx2.Client) -> None:
    config = {"select": ["PAG", "DOI"], "ignore": ["DOI001"], "severity": {"PAG003": "error"}, "options": {}}
    found = lint(client, format="zotero", records=[ITEM], config=config)
    rules = {finding["rule"]: finding["severity"] for finding in found["findings"]}
    assert rules["PAG003"] == "error"
    assert {code[:3] for code in rules} <= {"PAG", "DOI"}


def test_one_request_leaves_no_trace_in_the_next(client: httpx2.Client) -> None:
    plain = lint(client, format="ris", text=RIS)
    lint(client, format="ris", text=RIS, config={"severity": {"RIS014": "off"}})
    assert lint(client, format="ris", text=RIS) == plain


@pytest.mark.parametrize(
    "body",
    [
        {"format": "ris", "text": "<html>nothing</html>"},
        {"format": "ris", "records": []},
        {"format": "csl", "text": ""},
        {"format": "bibtex", "text": "@article{}"},
        {"format": "zotero", "records": ["x"]},
        {"format": "zotero", "records": {}},
        {"records": []},
        [],
        "x",
    ],
)
def test_what_cannot_be_checked_is_said_in_one_line(client: httpx2.Client, body: Any) -> None:
    answer = client.post("/v1/lint", json=body)
    assert answer.status_code == 422
    problem = answer.json()
    assert problem["detail"]
    assert "\n" not in problem["detail"]
    assert "request." not in problem["detail"]


# -- fix --------------------------------------------------------------------------------------------------------------


def test_safe_repairs_of_a_text(client: httpx2.Client) -> None:
    found = ask(client, "/v1/fix", format="ris", text=RIS, accept="safe")
    assert found["text"] != RIS
    findings = {finding["fingerprint"]: finding for finding in lint(client, format="ris", text=RIS)["findings"]}
    assert found["applied"]
    assert {findings[one]["fix"]["safety"] for one in found["applied"]} == {"safe"}
    left = [one["fingerprint"] for one in lint(client, format="ris", text=found["text"])["findings"]]
    assert [one["fingerprint"] for one in found["left"]] == left


def test_only_what_was_accepted_is_repaired(client: httpx2.Client) -> None:
    findings = lint(client, format="ris", text=RIS)["findings"]
    one = next(finding for finding in findings if finding["rule"] == "ABS001")
    found = ask(client, "/v1/fix", format="ris", text=RIS, accept=[one["fingerprint"]])
    assert found["applied"] == [one["fingerprint"]]
    gone = set(RIS.splitlines()) - set(found["text"].splitlines())
    assert {line[:2] for line in gone} == {"N2"}
    assert found["patch"]["ops"] == [{**edit} for edit in one["fix"]["edits"]]


@pytest.mark.parametrize(("format", "record"), [("zotero", ITEM), ("csl", CSL)])
def test_nothing_accepted_is_nothing_changed(client: httpx2.Client, format: str, record: dict[str, Any]) -> None:
    found = ask(client, "/v1/fix", format=format, record=record, accept=[])
    assert found["record"] == record
    assert (found["applied"], found["patch"]["ops"]) == ([], [])


def test_a_repaired_item_comes_with_whole_fields(client: httpx2.Client) -> None:
    found = ask(client, "/v1/fix", format="zotero", record=ITEM, accept="safe")
    patch = found["patch"]
    assert (patch["record"], patch["version"]) == ("ABCD2345", 7)
    fields = {op["field"]: op for op in patch["ops"]}
    assert fields["pages"] == {"op": "set", "field": "pages", "before": "330-7", "after": "330-337"}
    for name, op in fields.items():
        assert op["before"] == ITEM["data"].get(name, "")
        assert found["record"]["data"][name] == op["after"]
    untouched = ITEM["data"].keys() - fields.keys()
    assert {name: found["record"]["data"][name] for name in untouched} == {
        name: ITEM["data"][name] for name in untouched
    }


def test_a_repaired_csl_item_keeps_what_is_its_own(client: httpx2.Client) -> None:
    found = ask(client, "/v1/fix", format="csl", record=CSL, accept="safe")
    assert found["record"]["custom"] == CSL["custom"]
    assert {op["field"] for op in found["patch"]["ops"]} == {
        name for name in CSL if found["record"].get(name) != CSL[name]
    }
    assert found["record"]["page"] == "330-337"


def test_a_fingerprint_of_another_record_is_refused(client: httpx2.Client) -> None:
    answer = client.post("/v1/fix", json={"format": "zotero", "record": ITEM, "accept": ["0" * 16]})
    assert answer.status_code == 422
    assert "0000000000000000" in answer.json()["detail"]


def test_more_than_one_record_is_too_much_for_a_fix(client: httpx2.Client) -> None:
    answer = client.post("/v1/fix", json={"format": "ris", "text": RIS * 2, "accept": "safe"})
    assert answer.status_code == 422
    assert "one record" in answer.json()["detail"]


@pytest.mark.parametrize(("format", "record"), [("zotero", ITEM), ("zotero", ITEM["data"]), ("csl", CSL)])
def test_patches_of_a_lint_can_be_carried_out(client: httpx2.Client, format: str, record: dict[str, Any]) -> None:
    patches = lint(client, format=format, records=[record])["patches"]
    wanted = [{"ops": patch["ops"]} for patch in patches if patch["safety"] == "safe" and patch["ops"]]
    found = ask(client, "/v1/fix", format=format, record=record, patches=wanted)
    assert found["skipped"] == []
    data = found["record"].get("data", found["record"])
    assert data["pages" if format == "zotero" else "page"] == "330-337"
    assert data["DOI"] == "10.5555/tides.7"


def test_a_whole_field_goes_back_the_way_it_came(client: httpx2.Client) -> None:
    forth = ask(client, "/v1/fix", format="zotero", record=ITEM, accept="safe")
    ops = [{**op, "before": op["after"], "after": op["before"]} for op in forth["patch"]["ops"]]
    back = ask(client, "/v1/fix", format="zotero", record=forth["record"], patches=[{"ops": ops}])
    assert back["skipped"] == []
    assert back["record"] == ITEM


@pytest.mark.parametrize(
    "op",
    [
        {"op": "set", "field": "pages", "before": "1-2", "after": "3-4"},
        {"op": "set", "field": "title", "before": "", "after": "Another"},
        {"op": "delete", "field": "volume", "before": "3", "after": None},
        {"op": "set", "field": "tags", "before": [], "after": [{"tag": "x"}]},
        {"op": "set", "field": "creators", "before": ITEM["data"]["creators"], "after": [{"nonsense": 1}]},
        {"op": "set", "field": "itemType", "before": "journalArticle", "after": "book"},
        {"op": "add", "field": "nonsense", "before": None, "after": "x"},
        {"op": "set", "field": "pages", "before": "330-7", "after": 5},
    ],
)
def test_a_patch_that_does_not_fit_is_skipped_and_says_why(client: httpx2.Client, op: dict[str, Any]) -> None:
    found = ask(client, "/v1/fix", format="zotero", record=ITEM, patches=[{"ops": [op]}])
    assert found["record"] == ITEM
    assert [one["field"] for one in found["skipped"]] == [op["field"]]
    assert found["skipped"][0]["reason"]


# -- duplicates -------------------------------------------------------------------------------------------------------


def test_duplicates_are_grouped_by_key(client: httpx2.Client) -> None:
    other = {
        **ITEM,
        "key": "WXYZ6789",
        "data": {**ITEM["data"], "key": "WXYZ6789", "title": "Storm tides in narrow harbours"},
    }
    alone = {
        "key": "QRST2345",
        "version": 1,
        "data": {"key": "QRST2345", "itemType": "book", "title": "Sand", "date": "1999"},
    }
    found = ask(client, "/v1/dedupe", format="zotero", records=[ITEM, alone, other])
    (group,) = found["groups"]
    assert (group["kind"], sorted(group["ids"])) == ("same", ["ABCD2345", "WXYZ6789"])
    assert group["evidence"][0]["why"]


def test_duplicates_in_a_text_are_named_by_index(client: httpx2.Client) -> None:
    found = ask(client, "/v1/dedupe", format="ris", text=RIS * 2)
    assert [group["ids"] for group in found["groups"]] == [[0, 1]]


def test_settings_are_none_of_a_comparison(client: httpx2.Client) -> None:
    answer = client.post("/v1/dedupe", json={"format": "csl", "records": [], "config": {}})
    assert answer.status_code == 422


# -- rules ------------------------------------------------------------------------------------------------------------


def test_the_rules_are_those_of_the_command_line(client: httpx2.Client) -> None:
    from reflint.app.rules import catalogue

    assert client.get("/v1/rules").json() == {"rules": catalogue()}


def test_a_rule_comes_with_its_reasons(client: httpx2.Client) -> None:
    by_code, by_slug = (client.get(f"/v1/rules/{name}").json() for name in ("DOI001", "doi-missing"))
    assert by_code == by_slug
    assert "DOI" in by_code["explanation"]
    assert by_code["options"]["since"]["default"] == 1997


@pytest.mark.parametrize("code", ["NOPE999", "DOI", "..%2f..%2fetc", "%00"])
def test_a_rule_that_is_none_is_not_found(client: httpx2.Client, code: str) -> None:
    assert client.get(f"/v1/rules/{code}").status_code == 404


def test_the_schema_of_settings_takes_what_a_lint_takes(client: httpx2.Client) -> None:
    schema = client.get("/v1/config/schema").json()
    Draft202012Validator(schema).validate(
        {"profile": "strict", "extend-select": ["REF"], "severity": {"DOI001": "off"}}
    )
    assert not Draft202012Validator(schema).is_valid({"baseline": "x"})
