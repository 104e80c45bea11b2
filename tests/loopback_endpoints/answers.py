"""What is asked, and what is answered."""

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from tests.loopback_endpoints.prices import vendors
from tests.loopback_endpoints.states import TEAM, USER, Endpoints, date

TOKEN = "hf_visitors"
Json = dict[str, Any]
Answer = tuple[int, Any]


@dataclass(frozen=True)
class Request:
    method: str
    host: str
    path: str
    authorization: str | None
    body: Any = None


class Service(Endpoints):
    """`models` can be deployed, `whoami` tells whom a token is of, `catalogue` has the recipes."""

    def __init__(self, by_hand: bool = False) -> None:
        super().__init__(by_hand)
        self.vendors = vendors()
        self.models = {"org/model", "Qwen/Qwen2.5-0.5B-Instruct"}
        self.whoami: dict[str, Json] = {
            TOKEN: {
                "type": "user",
                "name": USER,
                "canPay": True,
                "orgs": [{"type": "org", "name": TEAM, "canPay": False}],
            }
        }
        self.catalogue = [
            {
                "repoId": "Qwen/Qwen2.5-0.5B-Instruct",
                "modelName": "Qwen2.5-0.5B-Instruct",
                "authorName": "Qwen",
                "license": "Apache 2.0",
                "task": "text-generation",
                "createdAt": "2026-01-02T03:04:05.000Z",
                "recipes": [{"publicId": "mild-dal-1", "accelerator": "gpu", "engineType": "vllm"}],
            }
        ]

    def answer(self, request: Request, query: Json) -> Answer:
        token = (request.authorization or "").removeprefix("Bearer ")
        with self._lock:
            if token not in self.whoami:
                return 401, {"error": "Invalid credentials in Authorization header"}
            me = self.whoami[token]
            accounts = [me["name"], *(org["name"] for org in me["orgs"])]
            parts = request.path.strip("/").split("/")
            if request.path == "/api/whoami-v2":
                return 200, me
            if request.path.startswith("/api/v1/catalog/"):
                return self._catalogue(request, parts[3:], query, accounts)
            if parts[0] != "v2" or len(parts) < 3:
                return 404, {"error": "Not Found"}
            kind, account, rest = parts[1], parts[2], parts[3:]
            if account not in accounts:
                return 403, {"error": f"You have no access to {account}"}
            if kind == "provider":
                return 200, {"vendors": self.vendors}
            return self._of_account(request, account, rest)

    def _of_account(self, request: Request, account: str, rest: list[str]) -> Answer:
        if not rest and request.method == "POST":
            return self._create(account, request.body)
        if not rest:
            names = [name for owner, name in self._endpoints if owner == account]
            return 200, {"items": [self._look(account, name) for name in names]}
        if (account, rest[0]) not in self._endpoints:
            return 404, {"error": f"Endpoint {rest[0]} not found"}
        if request.method == "DELETE":
            self._endpoints.pop((account, rest[0]))
            return 202, None
        if request.method == "GET":
            return 200, self._look(account, rest[0])
        if request.method == "PUT":
            return self._update(account, rest[0], request.body)
        return self._act(account, *rest)

    def _act(self, account: str, name: str, what: str) -> Answer:
        status = self._endpoints[account, name]["status"]
        state = status["state"]
        if what == "resume":
            if state not in ("paused", "scaledToZero"):
                return 400, {"error": f"Endpoint is already {state}"}
            self._start(account, name)
        elif what == "pause" and state != "paused":
            self.change(name, "paused", account, url=None)
        elif what == "scale-to-zero" and state == "running":
            self.change(name, "scaledToZero", account)
        else:
            return 400, {"error": f"Endpoint is {state}"}
        status["updatedAt"] = date(datetime.now(UTC))
        return 200, json.loads(json.dumps(self._endpoints[account, name]))

    def _update(self, account: str, name: str, change: Json) -> Answer:
        endpoint = self._endpoints[account, name]
        for part, values in change.items():
            endpoint[part] = endpoint.get(part, {}) | values
        self._plans[account, name] = ["updating", "running"]
        self.advance(name, account)
        return 200, endpoint

    def _create(self, account: str, asked: Json) -> Answer:
        name, model = asked["name"], asked["model"]
        if not re.fullmatch(r"[a-z0-9-]{1,32}", name):
            return 400, {"error": f"Invalid name: {name}"}
        if asked["type"] not in ("public", "authenticated", "private"):
            return 400, {"error": f"unknown variant `{asked['type']}`"}
        if "task" in model and model["task"] is None:
            return 422, {"error": "model.task: invalid type: null, expected a string"}
        if (account, name) in self._endpoints:
            return 409, {"error": f"Endpoint {name} already exists"}
        if model["repository"] not in self.models:
            return 404, {"error": f"Repository {model['repository']} not found"}
        if not self._pays(account):
            return 402, {"error": "Payment method required"}
        found = self._offered(asked)
        if found is None:
            c, p = asked["compute"], asked["provider"]
            where = f"'{p['vendor']}' - '{p['region']}'"
            what = f"'{c['accelerator']}' - '{c['instanceType']}' - '{c['instanceSize']}'"
            return 400, {"error": f"Instance compute {what} in {where} not found"}
        quota = found["quota"]
        if quota["usedAccelerators"] + found["numAccelerators"] > quota["maxAccelerators"]:
            return 403, {"error": f"Quota exceeded for {found['instanceType']}"}
        return 202, json.loads(json.dumps(self._new(account, asked)))

    def _pays(self, account: str) -> bool:
        people = [who for me in self.whoami.values() for who in (me, *me["orgs"])]
        return any(who["name"] == account and who["canPay"] for who in people)

    def _offered(self, asked: Json) -> Json | None:
        keys = ("accelerator", "instanceType", "instanceSize")
        return next(
            (
                row
                for vendor in self.vendors
                for region in vendor["regions"]
                for row in region["computes"]
                if (vendor["name"], region["name"])
                == (asked["provider"]["vendor"], asked["provider"]["region"])
                and all(row[key] == asked["compute"][key] for key in keys)
            ),
            None,
        )

    def _catalogue(
        self, request: Request, rest: list[str], query: Json, accounts: list[str]
    ) -> Answer:
        if rest == ["list"]:
            wanted = query.get("search", "").lower()
            return 200, {"items": [i for i in self.catalogue if wanted in i["repoId"].lower()]}
        by = {recipe["publicId"]: item for item in self.catalogue for recipe in item["recipes"]}
        by |= {item["repoId"]: item for item in self.catalogue}
        item = by.get("/".join(rest[1:-1]))
        account = request.body["namespace"]
        if item is None:
            return 404, {"error": "No such recipe"}
        if account not in accounts:
            return 403, {"error": f"You have no access to {account}"}
        compute = {"accelerator": "gpu", "instanceType": "nvidia-l4", "instanceSize": "x1"}
        scaling = {"minReplica": 0, "maxReplica": 1, "scaleToZeroTimeout": 60}
        status, answer = self._create(
            account,
            {
                "name": request.body.get("config", {}).get("name", "random-name-abc"),
                "type": "private",
                "model": {
                    "repository": item["repoId"],
                    "framework": "custom",
                    "task": item["task"],
                },
                "compute": {**compute, "scaling": scaling},
                "provider": {"vendor": "aws", "region": "us-east-1"},
            },
        )
        return status, {"endpoint": answer} if status < 300 else answer
