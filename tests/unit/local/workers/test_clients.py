"""Clients that are made before the fork serve whoever asks for one as it comes, and sign as whose process it is."""

from pathlib import Path

import botocore.loaders
import pytest
from botocore.config import Config
from botocore.session import Session, get_session

from local.workers import clients
from tests.conftest import ROOT

SERVICES = ("s3", "sqs")


@pytest.fixture
def session() -> Session:
    made = get_session()
    clients.share(made, SERVICES)
    return made


def test_who_asks_as_it_comes_gets_the_one_that_is_there(session: Session):
    assert session.create_client("sqs") is session.create_client("sqs", config=None)
    assert session.create_client("sqs", config=Config(read_timeout=3)).meta.config.read_timeout == 3
    assert session.create_client("sns").meta.service_model.service_name == "sns", "one that nobody made before is made"


def test_a_process_that_asks_elsewhere_has_its_own(session: Session, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL_SQS", "http://127.0.0.1:9")
    assert session.create_client("sqs").meta.endpoint_url == "http://127.0.0.1:9"


def test_a_link_bears_the_keys_of_the_process_that_gives_it(session: Session):
    clients.sign_as(session, "AKIDFUNCTION", "its secret", "its token")
    link = session.create_client("s3").generate_presigned_url("get_object", Params={"Bucket": "b", "Key": "k"})
    assert "AKIDFUNCTION" in link
    assert "nobody" not in link


def test_what_clients_are_made_from_is_what_botocore_reads_but_for_texts_for_people():
    data = Path(botocore.loaders.__file__).parent / "data"
    theirs = botocore.loaders.JSONFileLoader()
    for path in (data / "sqs" / "2012-11-05" / "service-2", data / "partitions", data / "_retry"):
        assert clients.Files().exists(str(path)) == theirs.exists(str(path)) is True
        assert clients.Files().load_file(str(path)) == without_texts(theirs.load_file(str(path)))
    assert clients.Files().load_file(str(ROOT / "nothing")) is None
    assert not clients.Files().exists(str(ROOT / "nothing"))


def without_texts(value: object) -> object:
    match value:
        case dict():
            return {k: "" if k == "documentation" and isinstance(v, str) else without_texts(v) for k, v in value.items()}
        case list():
            return [without_texts(each) for each in value]
    return value
