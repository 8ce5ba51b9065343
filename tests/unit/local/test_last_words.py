"""What the runner says of the data when it has stopped."""

import pytest

from local.runner import last_words
from local.stack import Ended


@pytest.mark.parametrize(
    ("deployed", "had_state", "ended", "said"),
    [
        (True, False, Ended(in_order=True), "the data is kept"),
        (True, True, Ended(in_order=False), "not in order; all that the hub answered is kept, see emulator.log beside the data"),
        (True, True, Ended(in_order=True, remains={"AuditQueue": 2}), "2 messages (AuditQueue 2) on the way that the next start takes up"),
        (False, True, Ended(in_order=False), "the data is as it was before this start"),
        (False, False, Ended(in_order=False), "there was nothing to keep"),
    ],
)
def test_what_became_of_the_data_is_said(deployed: bool, had_state: bool, ended: Ended, said: str):
    assert last_words(deployed, had_state, ended).endswith(said)
