"""An app serves one instance at a time, and then another's parts."""

import os
from types import SimpleNamespace

from simulation.apps import Apps


def test_an_app_is_used_again_once_it_is_given_back_with_the_parts_and_the_log_of_its_new_instance():
    apps, log = Apps(), SimpleNamespace()
    one, other = apps.take("audit", "parts of one", log), apps.take("audit", "parts of another", log)
    assert one.service is not other.service
    assert (one.service._services(), other.service._services()) == ("parts of one", "parts of another")
    one.service.current_request = SimpleNamespace()
    apps.give_back("audit", one)
    again = apps.take("audit", "parts of a third", "its log")
    assert again is one
    assert (again.service._services(), again.service.logger, again.service.current_request) == ("parts of a third", "its log", None)
    assert apps.take("audit", "parts of a fourth", log) is not one


def test_an_app_is_its_services():
    apps = Apps()
    apps.give_back("audit", apps.take("audit", None, None))
    assert {each.path for each in apps.take("orders", None, None).service.operations} >= {"/v1/storefronts/{storefront_id}/orders"}


def test_an_app_leaves_the_environment_as_it_is():
    """A process that makes many would carry Chalice's version in it once more for each: a gigabyte after some thousand schedules."""
    before = dict(os.environ)
    Apps().take("audit", None, None)
    assert dict(os.environ) == before
