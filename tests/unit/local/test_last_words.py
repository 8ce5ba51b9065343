"""What the runner says of the data when it has stopped."""

import pytest

from local.runner import NotKept, last_words
from local.stack import Ended


@pytest.mark.parametrize(
    ("deployed", "had_state", "ended", "said"),
    [
        (True, False, Ended(kept=True), "the data is kept"),
        (True, True, Ended(kept=True, remains={"AuditQueue": 2}), "2 messages (AuditQueue 2) on the way that the next start takes up"),
        (False, True, Ended(kept=False), "the data is as it was before this start"),
        (False, False, Ended(kept=False), "there was nothing to keep"),
    ],
)
def test_what_became_of_the_data_is_said(deployed: bool, had_state: bool, ended: Ended, said: str):
    assert last_words(deployed, had_state, ended).endswith(said)


@pytest.mark.parametrize("had_state", [True, False])
def test_data_of_a_deployed_hub_that_was_not_written_is_an_error(had_state: bool):
    with pytest.raises(NotKept, match="not all data of this start could be written"):
        last_words(True, had_state, Ended(kept=False))
