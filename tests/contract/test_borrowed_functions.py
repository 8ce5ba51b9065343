"""What we use of the emulator's insides, and botocore's, where functions' processes and their calls are ours: local/mendings/functions/.

One test for each private name. When one fails after an upgrade, read the place that its message names, beside the new version's source.
"""

import inspect
import json
from typing import Any

import botocore.handlers
import pytest
from botocore import xform_name
from botocore.signers import RequestSigner
from ministack import app
from ministack.core import iam_actions, iam_evaluator, lambda_runtime
from ministack.services import dynamodb, lambda_svc, sns

from local.mendings.functions.items import needs
from local.mendings.functions.publishing import ACTION
from local.workers.calls import ITEMS


def parameters(function: Any) -> list[str]:
    return list(inspect.signature(function).parameters)


def source(function: Any) -> str:
    return inspect.getsource(function)


def test_the_emulator_makes_takes_and_gives_back_workers_by_the_functions_that_are_ours():
    assert parameters(lambda_runtime._worker_class_for) == ["config"], "workers.py worker_of"
    assert parameters(lambda_runtime.acquire_worker) == ["func_name", "config", "code_zip", "qualifier", "max_concurrency"], (
        "pools.py acquire"
    )
    assert parameters(lambda_runtime.release_worker) == ["worker"], "pools.py release"
    assert "acquire_worker(" in source(lambda_svc._execute_function_warm), "workers.py mend: nobody asks any more"
    assert "reap_idle_workers()" in source(lambda_svc._ensure_reaper_thread), "workers.py mend: who else ends workers?"
    assert parameters(lambda_svc._ensure_reaper_thread) == [], "workers.py mend"


def test_a_worker_is_begun_and_asked_as_ours_is():
    assert parameters(lambda_runtime.Worker.__init__) == ["self", "func_name", "config", "code_zip"], "workers.py ForkedWorker"
    asked = parameters(lambda_runtime.Worker.invoke)
    assert asked == ["self", "event", "request_id", "trace_id", "depth", "durable", "invoked_function_arn"], (
        "workers.py ForkedWorker.invoke"
    )
    assert "worker._spawn()" in source(lambda_runtime.ensure_spawned), "workers.py ForkedWorker._spawn"
    made = lambda_runtime.Worker("f", {}, b"")
    assert (made._proc, made.in_use) == (None, False), "workers.py, pools.py"
    assert hasattr(made._lock, "acquire"), "workers.py ForkedWorker.invoke"


def test_functions_lie_where_what_they_begin_with_is_looked_up():
    assert "code_zip" in source(lambda_svc._execute_function_warm), "workers.py modules"
    assert hasattr(lambda_svc._functions, "all_values"), "workers.py modules"


def test_a_process_is_ended_by_what_a_child_answers():
    ended = source(lambda_runtime._signal) + source(lambda_runtime._collect)
    for asked in ("proc.poll()", "proc.terminate()", "proc.wait(", "proc.kill()"):
        assert asked in ended, f"forks.py Child: {asked}"


def test_pools_lie_under_the_key_and_the_lock_that_ours_use():
    assert parameters(lambda_runtime._worker_key) == ["func_name", "config", "qualifier"], "pools.py acquire"
    assert isinstance(lambda_runtime._workers, dict), "pools.py"
    assert "with _lock:" in source(lambda_runtime.invalidate_worker), "pools.py: the condition's lock is everybody's"


def test_a_function_has_the_variables_that_the_emulators_own_workers_give():
    given = source(lambda_runtime.Worker._spawn)
    for name in ("LAMBDA_TASK_ROOT", "AWS_LAMBDA_FUNCTION_NAME", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "AWS_LAMBDA_FUNCTION_VERSION",
                 "AWS_LAMBDA_LOG_STREAM_NAME", "AWS_ENDPOINT_URL", "HOST_PREFIX_ENV", "_RESERVED_RUNTIME_ENV_VARS"):  # fmt: skip
        assert name in given, f"workers.py environment: {name}"
    assert parameters(lambda_runtime._account_region_from_function_config) == ["config"], "workers.py environment"


def test_hops_are_counted_as_the_emulators_own_workers_do():
    assert "def _ms_install_invoke_depth():" in lambda_runtime.INVOKE_DEPTH_BOOTSTRAP, "local/workers/zygote.py _count_hops"
    assert lambda_runtime.INVOKE_DEPTH_ENV == "_MINISTACK_INVOKE_DEPTH", "local/workers/serving.py PER_CALL"
    assert 'os.environ["_X_AMZN_TRACE_ID"]' in lambda_runtime._PYTHON_WORKER_SCRIPT, "local/workers/serving.py PER_CALL"


def test_a_call_can_be_given_to_the_emulators_application_on_its_loop():
    assert parameters(app.app) == ["scope", "receive", "send"], "calls.py answered"
    assert hasattr(app, "_MAIN_LOOP"), "calls.py listen"
    for key in ('scope["method"]', 'scope["path"]', 'scope.get("query_string"', 'scope.get("headers"', 'scope.get("raw_path")'):
        assert key in source(app.app), f"calls.py Asked.scope: {key}"


def test_a_signature_is_checked_where_the_request_was_noted_and_nowhere_else():
    assert "pin_signed_request(" in source(app.app), "calls.py mend: nobody notes it there any more"
    assert len(parameters(iam_evaluator.pin_signed_request)) == 5, "calls.py unless_known"
    checked = source(iam_evaluator.authenticate)
    assert "request = _signed_request.get()" in checked, "calls.py unless_known"
    assert "if request is None or request.access_key_id != access_key_id:\n        return None" in checked, "calls.py unless_known"
    for name in ("_signed_request", "_anonymous", "_verified_key"):
        assert hasattr(getattr(iam_evaluator, name), "set"), f"rights.py known_by_connection: {name}"


@pytest.mark.parametrize(("operation", "data"), [
    ("GetItem", {"TableName": "t"}), ("Query", {"TableName": "t", "IndexName": "i"}), ("PutItem", {"TableName": "arn:aws:x:table/t"}),
    ("BatchGetItem", {"RequestItems": {"a": {}, "b": {}}}), ("BatchWriteItem", {"RequestItems": {"a": []}}),
    ("TransactWriteItems", {"TransactItems": [{"Put": {"TableName": "a"}}, {"ConditionCheck": {"TableName": "b"}}]}),
    ("TransactWriteItems", {"TransactItems": [{"Update": {"TableName": "a"}}, {"Delete": {"TableName": "b"}}]}),
    ("TransactGetItems", {"TransactItems": [{"Get": {"TableName": "a"}}]}), ("GetItem", {}),
])  # fmt: skip
def test_a_call_of_items_is_asked_for_the_rights_that_the_application_asks_for(operation: str, data: dict[str, Any]):
    """Of each kind of call: what the door for items finds out for itself is what the emulator's application finds out."""
    body, action = json.dumps(data).encode(), f"dynamodb:{operation}"
    of_each = iam_actions.dynamodb_transaction_checks(action, body, "us-east-1", "000000000000")
    arns = iam_actions.dynamodb_resource_arns(body, "us-east-1", "000000000000")
    assert list(needs(operation, data)) == (of_each or [(action, arn) for arn in arns])


def test_each_handler_of_items_is_one_function_of_the_emulator_that_takes_what_was_asked():
    asked = source(dynamodb.handle_request)
    for operation in (target.partition(".")[2] for target in ITEMS):
        assert f'"{operation}": _{xform_name(operation)},' in asked, f"local/mendings/functions/items.py: {operation}"
        assert len(parameters(getattr(dynamodb, f"_{xform_name(operation)}"))) == 1
    assert "status, resp_headers, resp_body = handler(data)" in asked, "local/mendings/functions/items.py ItemDoor"
    for name in ("set_request_account_id(", "set_request_region(", "_request_account_scope("):
        assert name in source(app.app), f"local/mendings/functions/items.py known_context: {name}"


def test_a_batch_for_a_topic_is_one_function_of_the_emulator_that_takes_the_forms_lists():
    place, asked = "local/mendings/functions/publishing.py TopicDoor", source(sns.handle_request)
    assert f'"{ACTION}": _publish_batch,' in asked, place
    assert "form_params = parse_qs(body.decode(" in asked, place
    assert "return handler(params)" in asked, place
    assert parameters(sns._publish_batch) == ["params"], place
    assert parameters(sns._error) == ["code", "message", "status"], place


def test_botocore_asks_its_builtin_handlers_for_a_signer_and_for_an_answer():
    assert isinstance(botocore.handlers.BUILTIN_HANDLERS, list), "local/workers/calls.py install"
    choosing = source(RequestSigner._choose_signer)
    for told in ("choose-signer.{self._service_id.hyphenize()}.{operation_name}", "signing_name=", "signature_version="):
        assert told in choosing, f"local/workers/calls.py signer: {told}"
    for kind in ("'presign-post': '-presign-post'", "'presign-url': '-query'"):
        assert kind in choosing, f"local/workers/calls.py LINKS: {kind}"
