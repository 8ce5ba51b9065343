"""What local/mendings/rights.py uses of the emulator's insides, and would lose without a word when a new version changes it."""

import inspect
import json

from ministack import app
from ministack.core import iam_actions, iam_evaluator, lambda_runtime
from ministack.services import sts

from local.mendings.rights import encryption_context


def parameters(function: object) -> list[str]:
    return list(inspect.signature(function).parameters)  # type: ignore[arg-type]


def test_each_request_is_judged_by_one_function_that_is_looked_up_when_it_is_called():
    assert parameters(iam_evaluator.enforce)[:5] == ["access_key_id", "iam_action", "service", "region", "resource_arn"]
    assert "from ministack.core.iam_evaluator import AuthError, enforce, pin_request_caller" in inspect.getsource(app)


def test_a_function_has_a_session_of_its_role_that_bears_its_name():
    made = inspect.getsource(lambda_runtime.execution_credentials)
    assert "app.AUTH" in made
    assert "assumed-role/{role_name}/{session_name}" in made
    assert isinstance(sts._sessions, dict)


def test_where_a_call_comes_from_is_one_variable_that_the_door_sets():
    assert iam_evaluator._request_origin.get()[1] is False
    assert parameters(app.pin_request_origin) == ["source_ip", "secure_transport"]


def test_condition_keys_come_from_one_function_that_is_looked_up_when_it_is_called():
    assert parameters(iam_actions.request_tag_context) == ["service", "iam_action", "body", "params"]
    assert "request_tag_context(service, iam_action, body, routing_params)" in inspect.getsource(app)


def test_a_kms_call_tells_its_encryption_context_to_the_keys_policy():
    told = encryption_context(json.dumps({"KeyId": "k", "EncryptionContext": {"tenant": "acc_1", "plugin": "stripe"}}).encode())
    assert told["kms:EncryptionContext:tenant"] == "acc_1"
    assert told["kms:EncryptionContextKeys"] == ["tenant", "plugin"]
    assert encryption_context(b"{}") == {"kms:EncryptionContextKeys": []}


def test_a_policy_is_read_by_one_function_that_is_looked_up_when_it_is_called_and_whose_answer_nobody_changes():
    assert parameters(iam_evaluator.parse_policy_document) == ["doc"]
    assert "parse_policy_document(doc)" in inspect.getsource(iam_evaluator._gather_role_policies)
    for reader in (iam_evaluator.evaluate, iam_evaluator._first_match):
        assert not {".append(", ".pop(", ".sort(", "del "} & set(inspect.getsource(reader).split()), "local/mendings/rights.py POLICIES"


def test_whether_a_right_depends_on_a_condition_is_seen_in_what_the_emulator_judges_by():
    judged = inspect.getsource(iam_evaluator.enforce)
    for looked_at in ("resolve_principal(", "principal.policies", "principal.limits", "_resource_policy(service, resource_arn)"):
        assert looked_at in judged, f"local/mendings/rights.py _always: {looked_at}"
    assert iam_evaluator.parse_policy_document({"Statement": {"Effect": "Allow", "Condition": {"Bool": {"k": "v"}}}})[0].conditions
