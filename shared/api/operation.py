"""What a route is: its contract, and the view that answers it. Routes are declared apart from the app that serves them."""

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import BaseModel

from shared.api.answers import Bytes, Page, Raw
from shared.api.caller import Role, Scope
from shared.errors import Problem

Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
View = Callable[..., Any]
Shown = type[BaseModel | Bytes | Page] | None
Refusal = Callable[[Problem, Raw, dict[str, str]], Page]
"""Makes the page of a problem, for a request with that query string."""
Register = Callable[[View], View]
FORM_TYPE = "application/x-www-form-urlencoded"
Take = Callable[[type[BaseModel], bytes, Mapping[str, str]], Any]
"""Reads a form's bytes, with the headers that they came with (lower-case names)."""
MAX_BODY = 256 * 1024
"""A request's body is at most this many bytes, unless its route says less or more. Pictures and feeds go to S3 by presigned PUT."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One route and all that its contract says; infra/openapi.yaml and docs/roles.md are generated from these."""

    method: Method
    path: str
    name: str
    summary: str
    answers: Mapping[int, Shown]
    body: type[BaseModel] | None
    query: type[BaseModel] | None
    form: type[BaseModel] | None
    """What a form of a page carries; where it is set, `body` is not."""
    allow: frozenset[Role]
    key: Scope | None
    """The least scope of an API key that may call it; None: no key may."""
    public: bool
    verified: bool
    idempotent: bool
    problems: tuple[type[Problem], ...]
    max_body: int
    view: View = field(repr=False)
    refusal: Refusal | None = field(default=None, repr=False)
    """Of what people read in a browser: how a problem is shown to them."""
    take: Take | None = field(default=None, repr=False)
    """How `form` is read: those without pages hold nothing of it."""
    parameters: frozenset[str] = frozenset()

    @property
    def is_page(self) -> bool:
        """Whether browsers, and those that look whether a link is alive, ask for it: then HEAD is answered too (RFC 9110, 9.3.2)."""
        return self.method == "GET" and Page in self.answers.values()

    @property
    def roles(self) -> frozenset[Role]:
        """Who may call it, keys among them; empty: any signed-in person."""
        return self.allow | {"client_site"} if self.allow and self.key else self.allow


class Routes:
    """Routes of one noun, for a Service to serve: `routes.get("/v1/…")` and its kin register views."""

    def __init__(self) -> None:
        self.operations: list[Operation] = []

    def operation(
        self,
        method: Method,
        path: str,
        *,
        answers: Mapping[int, Shown],
        body: type[BaseModel] | None = None,
        query: type[BaseModel] | None = None,
        form: type[BaseModel] | None = None,
        allow: Sequence[Role] = (),
        key: Scope | None = None,
        public: bool = False,
        verified: bool = False,
        idempotent: bool = False,
        problems: Sequence[type[Problem]] = (),
        max_body: int = MAX_BODY,
        refusal: Refusal | None = None,
        take: Take | None = None,
    ) -> Register:
        """Let the decorated view answer `method` `path`; a last part `{rest+}` stands for any number of parts, and is no parameter of it.

        A view takes, by name and only if it wants them: its path parameters, `body`, `form` (a Typed), `query`, `caller`, `idempotency`,
        `raw`, `services` (what the service's bootstrap makes) and `time_left` (answers how long the function may still run).
        `allow`: any one of these roles suffices; empty: any signed-in person. `key`: an API key's scope that may. `public`: nobody need be
        signed in. `verified`: the caller's identity has been verified. `idempotent`: `Idempotency-Key` is required (a POST that creates).
        `answers`: status → view, the usual one first. `problems`: those that the domain raises here. `refusal`, `take`: see Operation.
        """

        def register(view: View) -> View:
            self.operations.append(
                Operation(
                    method=method, path=path, name=view.__name__, summary=(inspect.getdoc(view) or "").split("\n", 1)[0],
                    answers=answers, body=body, query=query, form=form, allow=frozenset(allow), key=key, public=public, verified=verified,
                    idempotent=idempotent, problems=tuple(problems), max_body=max_body, view=view, refusal=refusal,
                    take=take, parameters=frozenset(inspect.signature(view).parameters),
                )
            )  # fmt: skip
            return view

        return register

    def get(self, path: str, **contract: Any) -> Register:
        return self.operation("GET", path, **contract)

    def post(self, path: str, **contract: Any) -> Register:
        return self.operation("POST", path, **contract)

    def put(self, path: str, **contract: Any) -> Register:
        return self.operation("PUT", path, **contract)

    def patch(self, path: str, **contract: Any) -> Register:
        return self.operation("PATCH", path, **contract)

    def delete(self, path: str, **contract: Any) -> Register:
        return self.operation("DELETE", path, **contract)
