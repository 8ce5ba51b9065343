"""Functions that die, grow or fork, and clients that take their time: nobody else waits for them, and nothing of them is left behind."""

import io
import json
import socket
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any
from urllib.parse import urlsplit

import pytest

from local.stack import Stack
from tests.flow.market import Market
from tests.processes import alive, ended

pytestmark = pytest.mark.xdist_group("hub")
NAME, MEMORY_MB, SLOW, CLIENTS = "monsoon-bad-company", 512, 200, 1000
CODE = """
import os, subprocess

held = []

def handler(event, context):
    if event == "die":
        os._exit(3)
    if event == "grow":
        held.append(b"x" * (600 << 20))
    if event == "fork":
        return [os.getpid(), *(subprocess.Popen(["sleep", "300"], start_new_session=alone).pid for alone in (True, False))]
    return [os.getpid()]
"""
Call = Callable[[str], tuple[list[int], str]]


@pytest.fixture(scope="module")
def call(stack: Stack) -> Iterator[Call]:
    """Calls a function of somebody's: the processes that it tells of, and what is wrong with its answer."""
    packed, lambdas = io.BytesIO(), stack.client("lambda")
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("company.py", CODE)
    trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    role = {"RoleName": NAME, "AssumeRolePolicyDocument": json.dumps({"Version": "2012-10-17", "Statement": [trust]})}
    arn = stack.client("iam").create_role(**role)["Role"]["Arn"]
    made = {
        "FunctionName": NAME,
        "Runtime": "python3.13",
        "Role": arn,
        "Handler": "company.handler",
        "MemorySize": MEMORY_MB,
        "Timeout": 20,
    }
    lambdas.create_function(**made, Code={"ZipFile": packed.getvalue()})

    def invoke(event: str) -> tuple[list[int], str]:
        answer = lambdas.invoke(FunctionName=NAME, Payload=json.dumps(event).encode())
        said: Any = json.loads(answer["Payload"].read())
        return ([], said["errorMessage"]) if "FunctionError" in answer else (said, "")

    yield invoke
    lambdas.delete_function(FunctionName=NAME)


def test_a_function_that_dies_in_the_middle_of_a_call_fails_that_call_alone(call: Call):
    before, _ = call("")
    assert call("die") == ([], "Worker process died")
    after, wrong = call("")
    assert (wrong, after != before) == ("", True)


def test_a_function_that_grows_beyond_its_memory_is_ended_and_that_is_said(stack: Stack, call: Call):
    before, _ = call("")
    stack.emulator.news()
    _, wrong = call("grow")
    assert wrong in ("", "Worker process died"), "after its call, or in its middle if that takes longer than a second"
    assert ended(before[0])
    (told,) = stack.emulator.news()
    assert told.startswith("bad grew to ")
    assert f"has {MEMORY_MB} MB (MemorySize): its process was ended" in told
    assert call("")[1] == ""


def test_what_a_function_forked_ends_with_it(call: Call):
    own, *forked = call("fork")[0]
    assert [alive(pid) for pid in (own, *forked)] == [True] * 3
    call("die")
    assert [pid for pid in (own, *forked) if not ended(pid)] == []


def waits(client: socket.socket) -> bool:
    """Whether the client was neither answered nor hung up on."""
    client.setblocking(False)
    try:
        client.recv(1)
    except BlockingIOError:
        return True
    return False


def test_clients_that_send_half_a_request_and_wait_keep_nobody_waiting(stack: Stack, market: Market):
    place = urlsplit(stack.api)
    head = f"POST {place.path}/v1/products HTTP/1.1\r\nHost: {place.netloc}\r\nContent-Length: 1000\r\n"
    held: list[socket.socket] = []
    with ExitStack() as slow:
        for number in range(SLOW):
            client = slow.enter_context(socket.create_connection((place.hostname, place.port)))
            client.sendall((head if number % 2 else head + "\r\n{").encode())
            held.append(client)
        assert market.supplier.hub.get("/v1/products", limit=1)["items"] is not None
        assert all(map(waits, held)), "they wait still, and nobody waited for them"


def test_a_thousand_clients_at_once_are_all_answered(stack: Stack, market: Market):
    place, token = urlsplit(stack.api), market.supplier.hub.token
    head = f"GET {place.path}/v1/account HTTP/1.1\r\nHost: {place.netloc}\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\r\n"
    with ExitStack() as many:
        clients = [many.enter_context(socket.create_connection((place.hostname, place.port), 60)) for _ in range(CLIENTS)]
        for client in clients:
            client.sendall(head.encode())
        statuses = Counter(client.makefile("rb").readline().split()[1] for client in clients)
    assert statuses.keys() <= {b"200", b"429"}, "who has to wait too long is told to come again"
    assert statuses[b"200"] > CLIENTS // 2
    assert statuses.total() == CLIENTS
