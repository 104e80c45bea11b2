"""The endpoints that there are, and how they come up."""

import json
import threading
from datetime import UTC, datetime, timedelta
from typing import Any

USER, TEAM = "visitor", "visitors-team"
Json = dict[str, Any]


class Endpoints:
    """`plan`: the states that a new or resumed endpoint goes through; `fail_with`: the last of them
    is failed instead, for this reason.
    """

    def __init__(self, by_hand: bool = False) -> None:
        self.by_hand = by_hand
        self.plan = ("pending", "initializing", "running")
        self.fail_with = ""
        self._endpoints: dict[tuple[str, str], Json] = {}
        self._plans: dict[tuple[str, str], list[str]] = {}
        self._lock = threading.RLock()

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
            then = date(datetime.now(UTC) - timedelta(hours=age_hours))
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
        now = date(datetime.now(UTC))
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

    def _look(self, account: str, name: str) -> Json:
        """What one look shows; the look after it is a step further."""
        seen = json.loads(json.dumps(self._endpoints[account, name]))
        if not self.by_hand:
            self.advance(name, account)
        return seen


def date(when: datetime) -> str:
    return when.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
