"""The command that a refused start advises: it works as printed."""

import shlex
import socket
from pathlib import Path

from local.conditions.command import DEFAULT, Command, free_after
from local.conditions.ports import free_port


def test_a_hub_beside_another_has_a_folder_and_ports_of_its_own_and_what_was_asked_for(tmp_path: Path):
    folder = tmp_path / "my hub"
    (tmp_path / "my hub-2").mkdir()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = str(Command(port, port - 1, folder, {"PayoutHoldDays": "0", "Stage": "local"}, ["a.whl=http://127.0.0.1:1"]).beside())
    words = dict(word.split("=", 1) for word in shlex.split(said)[2:])
    assert (words["PARAMETERS"], words["PLUGINS"]) == ("PayoutHoldDays=0 Stage=local", "a.whl=http://127.0.0.1:1")
    assert shlex.split(words["ARGS"]) == ["--folder", f"{tmp_path}/my hub-3"]
    assert len({int(words["PORT"]), int(words["STRIPE_PORT"]), port}) == 3


def test_another_port_leaves_the_rest_and_the_usual_folder_is_not_said():
    port = free_port()
    assert str(Command(port, 1, DEFAULT, {}, ()).at_another_port()).endswith(" STRIPE_PORT=1")
    assert str(Command(port, port + 1, DEFAULT, {}, ()).at_another_stripe_port()).startswith(f"make run PORT={port} STRIPE_PORT=")


def test_a_port_that_is_advised_is_one():
    assert 1024 <= free_after(65535, 1024) <= 65535
