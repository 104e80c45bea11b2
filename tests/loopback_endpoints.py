"""Hugging Face's service for Inference Endpoints, played on this machine.

    endpoints = LoopbackEndpoints()
    with Elsewhere(endpoints.hosts) as elsewhere: ...

Its three hosts, as huggingface_hub 2.4 asks them:

- `huggingface.co`: `GET /api/whoami-v2`
- `api.endpoints.huggingface.cloud` (https://api.endpoints.huggingface.cloud/): `GET, POST
  /v2/endpoint/{account}`, `GET, PUT, DELETE /v2/endpoint/{account}/{name}`, `POST
  .../{name}/pause|resume|scale-to-zero`, `GET /v2/provider/{account}`
- `endpoints.huggingface.co`: `GET /api/v1/catalog/list`, `POST .../recipe/{id}/deploy`,
  `POST .../model/{owner}/{model}/deploy`

An endpoint on its way takes a step of its `plan` each time it is looked at, or, with `by_hand`,
when the test calls `advance`. What is to go wrong is set on `trouble`, at any time; `requests` has
what was asked. `put` makes an endpoint that is there already, `change` does something to one behind
everybody's back. An endpoint's own URL is a host that a test may play beside these: `url_host`.
"""

import json
import re
import threading
from asyncio import to_thread
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

TOKEN = "hf_visitors"
USER, TEAM = "visitor", "visitors-team"
Json = dict[str, Any]
Answer = tuple[int, Any]


@dataclass(frozen=True)
class Request:
    method: str
    host: str
    path: str
    authorization: str | None
    body: Any = None


@dataclass
class Trouble:
    """How it misbehaves. `status` with `message` and `headers`, or `answer` in place of the JSON,
    for requests of `method` whose path contains `only`; `times` of them. `after`: what was asked is
    done first. `cut`: the line breaks in the middle of the answer. `hang`: no answer until
    `release` is set; `held` tells that one hangs. `spreads`: from the first on, all are met.
    """

    status: int | None = None
    message: str = "no reason"
    headers: dict[str, str] = field(default_factory=dict)
    answer: str | None = None
    method: str = ""
    only: str = ""
    times: int = 1_000_000
    after: bool = False
    cut: bool = False
    hang: bool = False
    spreads: bool = False
    held: threading.Event = field(default_factory=threading.Event)
    release: threading.Event = field(default_factory=threading.Event)

    def meets(self, method: str, path: str) -> bool:
        active = self.status or self.answer is not None or self.cut or self.hang
        return bool(active and self.times > 0 and self.method in method and self.only in path)


def machine(kind: str, size: str, price: float, used: int = 0, limit: int = 4, **more: Any) -> Json:
    """A row of `computes`, as InferenceEndpointHardware.from_raw reads it."""
    cpu = kind.startswith("intel")
    count = int(size[1:])
    return {
        "accelerator": "cpu" if cpu else "gpu",
        "instanceType": kind,
        "instanceSize": size,
        "architecture": kind.replace("-", " ").title(),
        "numAccelerators": count,
        "numCpus": count,
        "memoryGb": 2.0 * count,
        "gpuMemoryGb": None if cpu else 24 * count,
        "pricePerHour": price,
        "status": "available",
        "quota": {"maxAccelerators": limit, "usedAccelerators": used},
    } | more


def vendors() -> list[Json]:
    """Some of what the price list has, with one of each trouble."""
    here = [
        machine("intel-spr", "x1", 0.033, limit=16),
        machine("intel-spr", "x2", 0.067, limit=16),
        machine("nvidia-l4", "x1", 0.8),
        machine("nvidia-a100", "x1", 2.5, status="not_available"),
        machine("nvidia-h200", "x1", 5.0, used=2, limit=2),
    ]
    places = {
        ("aws", "us-east-1"): here,
        ("aws", "eu-west-1"): [machine("intel-spr", "x1", 0.033, limit=16)],
        ("gcp", "us-east4"): [machine("nvidia-t4", "x1", 0.5)],
    }
    found: dict[str, list[Json]] = {}
    for (vendor, region), rows in places.items():
        for row in rows:
            row["id"] = f"{vendor}-{region}-{row['instanceType']}-{row['instanceSize']}"
        found.setdefault(vendor, []).append({"name": region, "computes": rows})
    return [{"name": name, "regions": regions} for name, regions in found.items()]


class LoopbackEndpoints:
    """`plan`: the states that a new or resumed endpoint goes through; `fail_with`: the last of them
    is failed instead, for this reason.
    """

    def __init__(self, by_hand: bool = False) -> None:
        self.by_hand = by_hand
        self.plan = ("pending", "initializing", "running")
        self.fail_with = ""
        self.trouble = Trouble()
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
        self.hosts = {
            "huggingface.co": self._asgi,
            "api.endpoints.huggingface.cloud": self._asgi,
            "endpoints.huggingface.co": self._asgi,
        }
        self._endpoints: dict[tuple[str, str], Json] = {}
        self._plans: dict[tuple[str, str], list[str]] = {}
        self._requests: list[Request] = []
        self._lock = threading.RLock()

    @property
    def requests(self) -> list[Request]:
        with self._lock:
            return list(self._requests)

    def count(self, method: str, part: str = "") -> int:
        return sum(r.method == method and part in r.path for r in self.requests)

    def names(self, account: str = USER) -> list[str]:
        """The endpoints that there are, whatever anybody was told."""
        with self._lock:
            return [name for owner, name in self._endpoints if owner == account]

    def state(self, name: str, account: str = USER) -> str:
        """How one stands, which is not a look; empty if it is not there."""
        with self._lock:
            endpoint = self._endpoints.get((account, name))
            return endpoint["status"]["state"] if endpoint else ""

    def put(
        self,
        name: str,
        state: str = "running",
        account: str = USER,
        age_hours: float = 1,
        **more: Any,
    ) -> Json:
        """An endpoint that has been there for so many hours; `more` goes over its answer."""
        compute = {"accelerator": "cpu", "instanceType": "intel-spr", "instanceSize": "x1"}
        scaling = {"minReplica": 1, "maxReplica": 1, "scaleToZeroTimeout": None}
        asked = {
            "name": name,
            "type": "private",
            "model": {"repository": "org/model", "framework": "pytorch", "revision": None},
            "compute": {**compute, "scaling": scaling},
            "provider": {"vendor": "aws", "region": "us-east-1"},
        }
        with self._lock:
            made = self._new(account, asked | more)
            then = _date(datetime.now(UTC) - timedelta(hours=age_hours))
            made["status"] |= {"createdAt": then, "updatedAt": then}
            self._plans[account, name] = []
            self._enter(account, name, state)
            return made

    def change(self, name: str, state: str, account: str = USER, **status: Any) -> None:
        """Bring one into another state, as if somebody had done it elsewhere."""
        with self._lock:
            self._plans[account, name] = []
            self._enter(account, name, state)
            self._endpoints[account, name]["status"] |= status

    def remove(self, name: str, account: str = USER) -> None:
        with self._lock:
            del self._endpoints[account, name]

    def advance(self, name: str, account: str = USER) -> None:
        """One step of its plan; none left, it stays."""
        with self._lock:
            if self._plans.get((account, name)):
                self._enter(account, name, self._plans[account, name].pop(0))

    def wake(self, name: str, account: str = USER) -> None:
        """What a request to an endpoint that is scaled to zero does."""
        with self._lock:
            self._plans[account, name] = list(self.plan[1:])
            self.advance(name, account)

    @staticmethod
    def url_host(name: str) -> str:
        return f"{name}.us-east-1.aws.endpoints.huggingface.cloud"

    def _new(self, account: str, asked: Json) -> Json:
        now = _date(datetime.now(UTC))
        who = {"id": "0123", "name": USER}
        made = {
            **asked,
            "model": {"task": "text-classification", "revision": "f" * 40, **asked["model"]},
            "healthRoute": "/health",
            "status": {
                "state": "pending",
                "message": "Endpoint waiting to be scheduled",
                "createdAt": now,
                "createdBy": who,
                "updatedAt": now,
                "updatedBy": who,
                "readyReplica": 0,
                "targetReplica": asked["compute"]["scaling"]["maxReplica"],
            },
        }
        self._endpoints[account, asked["name"]] = made
        self._start(account, asked["name"])
        return made

    def _start(self, account: str, name: str) -> None:
        self._plans[account, name] = list(self.plan)
        self.advance(name, account)

    def _enter(self, account: str, name: str, state: str) -> None:
        status = self._endpoints[account, name]["status"]
        if state == "running" and self.fail_with:
            state = "failed"
            status["errorMessage"] = self.fail_with
        status |= {"state": state, "message": f"Endpoint is {state}"}
        status["readyReplica"] = int(state == "running")
        if state == "running":
            status["url"] = f"https://{self.url_host(name)}"

    # What is asked, and what is answered.

    async def _asgi(self, scope: Json, receive: Callable[[], Awaitable[Json]], send: Any) -> None:
        body = b""
        while True:
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        headers = {k.decode(): v.decode() for k, v in scope["headers"]}
        host = headers["host"].partition(":")[0]
        asked = json.loads(body) if body else None
        request = Request(scope["method"], host, scope["path"], headers.get("authorization"), asked)
        query = {k: v[0] for k, v in parse_qs(scope["query_string"].decode()).items()}
        with self._lock:
            self._requests.append(request)
            trouble = self.trouble
            met = trouble.meets(request.method, request.path)
            trouble.times -= met
            if met and trouble.spreads:
                trouble.method = trouble.only = ""
        if met and trouble.hang:
            trouble.held.set()
            await to_thread(trouble.release.wait, 60)
        if met and trouble.status and not trouble.after:
            status, answer = trouble.status, {"error": trouble.message}
        else:
            status, answer = self._answer(request, query)
        if met and trouble.status:
            status, answer = trouble.status, {"error": trouble.message}
        text = "" if answer is None else json.dumps(answer)
        if met and trouble.answer is not None:
            text = trouble.answer
        await _send(
            send, status, text.encode(), trouble.headers if met else {}, met and trouble.cut
        )

    def _answer(self, request: Request, query: Json) -> Answer:
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

    def _look(self, account: str, name: str) -> Json:
        """What one look shows; the look after it is a step further."""
        seen = json.loads(json.dumps(self._endpoints[account, name]))
        if not self.by_hand:
            self.advance(name, account)
        return seen

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
        status["updatedAt"] = _date(datetime.now(UTC))
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


def _date(when: datetime) -> str:
    return when.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


async def _send(send: Any, status: int, body: bytes, headers: dict[str, str], cut: bool) -> None:
    """With `cut`, half of it: the server closes the line because the rest does not come."""
    fields = {"content-type": "application/json", "content-length": str(len(body)), **headers}
    await send(
        {
            "type": "http.response.start",
            "status": status,
            "headers": [(k.encode(), v.encode()) for k, v in fields.items()],
        }
    )
    body = body[: len(body) // 2] if cut else body
    await send({"type": "http.response.body", "body": body, "more_body": False})
