"""The document is valid OpenAPI 3.1, names every route of the API, and every answer keeps to it."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from console.matrix import matrix
from console.openapi import ENDPOINTS, document
from stream.vault import Identity
from tests.console.conftest import ZONE, Desk

NOT_OURS = {"POST /api/v1/events"}  # comes with run.py's blueprint; its shape is held by tests/connectors


@pytest.fixture
def spec(desk: Desk) -> dict[str, Any]:
    answer = desk.client("auditor").get("/openapi.json")
    assert answer.status_code == 200
    return answer.json


def checked(spec: dict[str, Any], rule: str, answer: Any, method: str = "get") -> Any:
    """The answer's body, after the document has said that it may be so."""
    path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule)
    content = spec["paths"][path][method]["responses"][str(answer.status_code)]["content"]
    schema = {**content[answer.mimetype]["schema"], "components": spec["components"]}
    Draft202012Validator(schema).validate(answer.json)
    return answer.json


def test_the_document_is_valid(spec: dict[str, Any]) -> None:
    assert spec["openapi"] == "3.1.0"
    validate(spec)


def test_every_route_of_the_api_is_in_it_and_nothing_else(desk: Desk) -> None:
    served = {
        f"{method} {rule.rule}"
        for rule in desk.app.url_map.iter_rules()
        if rule.rule.startswith(("/api/", "/livez", "/readyz", "/metrics", "/openapi"))
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert {f"{row.method} {row.rule}" for row in ENDPOINTS} - NOT_OURS == served


def test_it_says_which_roles_may(spec: dict[str, Any]) -> None:
    assert spec["paths"]["/api/v1/records"]["get"]["x-roles"] == ["supervisor"]
    assert spec["paths"]["/api/v1/login"]["post"]["security"] == []
    assert spec["paths"]["/api/v1/incidents"]["get"]["security"] == [{"session": []}, {"token": []}]


def test_the_answers_of_reading_keep_to_it(desk: Desk, spec: dict[str, Any]) -> None:
    desk.live.vault.put_identity("HH-0001", Identity("김철수", "", "010-0000-0000", 1940))
    id = desk.live.opened(detections=[{"rule": "smoke_or_gas", "at": 1, "subject": "HH-0001", "severity": 3}])
    desk.live.reported(id, by="supervisor")
    desk.live.clock.advance(1_000_000)
    asks = {
        "supervisor": [
            "/incidents", "/incidents/<id>", "/incidents/<id>/identity?purpose=verify", "/incidents/<id>/notes", "/kpi",
            "/records", "/devices", "/quarantine", "/city", "/procedures", "/rules", "/replay/range", "/me",
        ],
        "liaison_119": ["/incidents", "/incidents/<id>", "/city", "/me"],
        "school": ["/school/<zone>", "/city", "/me"],
        "admin": ["/accounts", "/quarantine"],
        "auditor": ["/access", "/rules"],
    }  # fmt: skip
    for role, paths in asks.items():
        client = desk.client(role)
        for path in paths:
            answer = client.get("/api/v1" + path.replace("<id>", id).replace("<zone>", ZONE))
            assert answer.status_code == 200, path
            checked(spec, "/api/v1" + path.partition("?")[0], answer)


def test_the_answers_of_doing_keep_to_it(desk: Desk, spec: dict[str, Any]) -> None:
    client, id = desk.client("operator"), desk.live.opened()
    rule = "/api/v1/incidents/<id>/commands"

    def command(**body: Any) -> Any:
        body = {"id": str(uuid.uuid4()), "verb": "acknowledge", **body}
        return client.post(f"/api/v1/incidents/{id}/commands", json=body)

    for body, status in [
        ({"revision": 1}, 200),
        ({"revision": 1}, 409),
        ({"verb": "unshelve"}, 422),
        ({"id": "1"}, 400),
    ]:
        answer = command(**body)
        assert answer.status_code == status
        checked(spec, rule, answer, "post")
    made = client.post("/api/v1/incidents", json={"kind": "other", "subject": "x"})
    checked(spec, "/api/v1/incidents", made, "post")
    checked(spec, "/api/v1/incidents", client.post("/api/v1/incidents", data="x"), "post")
    checked(spec, "/api/v1/records", client.get("/api/v1/records"))
    checked(spec, "/api/v1/incidents/<id>", client.get("/api/v1/incidents/nothing"))
    body = {"user": "operator", "password": "wrong"}
    checked(spec, "/api/v1/login", desk.client().post("/api/v1/login", json=body), "post")
    checked(spec, "/api/v1/logout", client.post("/api/v1/logout"), "post")


def test_a_struct_of_the_body_is_required_where_there_is_one() -> None:
    made = document(matrix(), "1")
    body = made["paths"]["/api/v1/incidents/{id}/commands"]["post"]["requestBody"]
    assert body["required"] is True
    schema = made["components"]["schemas"][body["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]]
    assert set(schema["required"]) == {"id", "verb"}
    assert schema["additionalProperties"] is False
