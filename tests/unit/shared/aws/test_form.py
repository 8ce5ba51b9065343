"""A form is written as urllib writes it."""

from urllib.parse import urlencode

from hypothesis import example, given
from hypothesis import strategies as st

from shared.aws.form import urlencoded

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))


@given(st.dictionaries(TEXTS, TEXTS, max_size=4))
@example({"Message": '{"a": ["50% & more + 词 é = %22", "\\n"], "b~c-d_e.f": "/#:,"}\t\r\n', "": ""})
def test_it_is_what_urllib_writes(fields: dict[str, str]):
    assert urlencoded(fields) == urlencode(fields).encode()


def test_what_is_no_text_is_written_as_by_urllib():
    assert urlencoded({"MaxItems": 3, "Raw": True}) == b"MaxItems=3&Raw=True"
