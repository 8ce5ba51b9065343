"""What we use of other people's insides, and would break without a word when a new version changes it.

One test for each private name. When one fails after an upgrade, read the place that its message names, beside the new version's source.
"""

import ast
import inspect
import os
import re
from importlib.metadata import version
from types import SimpleNamespace
from typing import Any

import pytest
from botocore import xform_name
from botocore.endpoint import Endpoint
from botocore.retries.standard import RetryEventAdapter
from botocore.session import get_session
from hypercorn.config import Config
from hypercorn.protocol.h11 import H11Protocol
from ministack import app
from ministack.core import concurrency, lambda_runtime, responses
from ministack.core.responses import AccountRegionScopedDict
from ministack.services import apigateway_v1, cloudwatch, cloudwatch_logs, cognito, dynamodb, lambda_svc, ses_v2, sns, sqs
from ministack.services.cloudformation import provisioners
from pynamodb import attributes
from pynamodb.attributes import AttributeContainer
from pynamodb.connection import Connection, TableConnection
from pynamodb.models import Model

from hubclient.people import CONFIRMATION_CODE
from infra.templates import ROOT
from local.emulator import Emulator
from local.mendings.api import kept_address
from local.mendings.dynamodb.conditions import judged_by_emulator

OPERATIONS = (
    "GetItem", "PutItem", "UpdateItem", "DeleteItem", "Query", "BatchGetItem", "BatchWriteItem", "TransactGetItems", "TransactWriteItems",
)  # fmt: skip
"""Those that services call."""


def pin(package: str) -> str:
    """The version that requirements/ pin."""
    for lock in ("dev", "layer"):
        if found := re.search(rf"^{package}==(\S+)", (ROOT / f"requirements/{lock}.txt").read_text(), re.MULTILINE):
            return found[1]
    raise AssertionError(f"{package} is pinned nowhere")


def parameters(function: Any) -> list[str]:
    return list(inspect.signature(function).parameters)


def source(function: Any) -> str:
    return inspect.getsource(function)


def as_shipped(module: Any, name: str) -> str:
    """The source of a module's function as its file has it: other tests of this process may run one of ours in its place."""
    whole = source(module)
    found = next(node for node in ast.parse(whole).body if isinstance(node, ast.FunctionDef) and node.name == name)
    return ast.get_source_segment(whole, found) or ""


@pytest.mark.parametrize(
    ("package", "tried"), [("ministack", "1.5.33"), ("pynamodb", "6.1.0"), ("botocore", "1.43.106"), ("localstripe", "1.15.10")]
)
def test_what_is_patched_is_the_version_that_it_was_tried_with(package: str, tried: str):
    assert version(package) == pin(package) == tried, (
        f"{package} has another version: run this file, tests/unit/local, tests/flow, for what calls AWS `make bench`, then write it here"
    )


# ---- PynamoDB: shared/aws/dynamo.py lets every model of a process use one botocore client


def test_pynamodb_keeps_its_botocore_session_where_connection_puts_ours():
    connection = Connection(region="us-east-1")
    assert hasattr(connection._local, "__dict__"), "shared/aws/dynamo.py connection(): `_local` was a threading.local"
    mine = object()
    connection._local.session = mine
    assert connection.session is mine, "shared/aws/dynamo.py connection(): the session is not taken from `_local.session` any more"


def test_pynamodb_keeps_its_client_where_a_models_connection_puts_the_shared_one():
    connection = Connection(region="us-east-1")
    assert connection._client is None, "shared/aws/dynamo.py Item._get_connection: `_client` was the lazily made client"
    given = SimpleNamespace(_request_signer=None)
    connection._client = given
    assert connection.client is given, "shared/aws/dynamo.py Item._get_connection: `client` does not answer `_client` any more"
    assert isinstance(TableConnection("t", region="us-east-1").connection, Connection)


def test_pynamodb_asks_each_model_for_its_connection_by_the_method_that_item_overrides():
    assert parameters(Model._get_connection) == [], "shared/aws/dynamo.py Item._get_connection: it is a classmethod without arguments"
    assert "._get_connection()" in source(Model), (
        "shared/aws/dynamo.py Item._get_connection: nobody calls it any more, each model would make a client of its own"
    )


def test_pynamodb_updates_an_item_by_what_write_over_calls():
    place, update = "shared/aws/dynamo.py write_over", source(Model.update)
    assert "hk_value, rk_value = self._get_hash_range_key_serialized_values()" in update, place
    assert parameters(TableConnection.update_item)[1:5] == ["hash_key", "range_key", "actions", "condition"], place
    assert "update_item(hk_value, range_key=rk_value, return_values=ALL_NEW, condition=condition, actions=actions)" in update, place


def test_pynamodb_reads_items_and_sets_defaults_by_the_methods_that_item_overrides():
    assert parameters(Model._instantiate) == ["attribute_values"], "shared/aws/dynamo.py Item._instantiate"
    assert "cls._instantiate(data)" in source(Model.from_raw_data), "shared/aws/dynamo.py Item._instantiate: nobody calls it any more"
    assert parameters(Model._set_defaults) == ["self", "_user_instantiated"], "shared/aws/dynamo.py Item._set_defaults"
    assert "self._set_defaults(_user_instantiated=" in source(AttributeContainer.__init__), "shared/aws/dynamo.py Item._set_defaults"


def test_pynamodb_writes_items_by_the_method_that_item_overrides():
    place = "shared/aws/dynamo.py Item._container_serialize"
    assert parameters(Model._container_serialize) == ["self", "null_check"], place
    assert "self._container_serialize(null_check=null_check)" in source(Model.serialize), f"{place}: nobody calls it any more"


def test_pynamodb_keeps_an_items_values_where_the_simulation_looks_for_them():
    place, text = "simulation/aws/shortcuts/attributes.py", source(attributes)
    name = "attr_name = instance._dynamo_to_python_attrs.get(self.attr_name, self.attr_name)"
    assert re.findall(rf"{re.escape(name)}\n +(.+)", text) == [
        "instance.attribute_values[attr_name] = value", "return instance.__dict__.get(attr_name, None) or self",
        "return instance.attribute_values.get(attr_name, None)",
    ], place  # fmt: skip
    assert "'attribute_values' in self.__dict__" in source(attributes.MapAttribute._is_attribute_container), place


def test_the_emulator_keeps_what_is_of_an_account_by_account_region_and_name():
    place = "simulation/aws/shortcuts/one_account.py"
    assert "return (get_account_id(), get_region(), key)" in source(AccountRegionScopedDict._scoped), place
    assert type(dynamodb._tables).__mro__[-2] is AccountRegionScopedDict, place


def test_pynamodbs_calls_go_through_the_method_that_the_simulation_takes_the_place_of():
    place = "simulation/aws/shortcuts/calls.py pass_over_hooks"
    assert "self.dispatch(QUERY, operation_kwargs)" in source(Connection.query), place
    assert "_make_api_call(operation_name, operation_kwargs)" in source(Connection.dispatch), place


# ---- botocore: shared/aws/short_calls.py goes beside a client's own way


def test_botocores_clients_have_what_the_short_way_takes_of_them():
    client = get_session().create_client("dynamodb", "us-east-1")
    place, session = "shared/aws/short_calls.py shorten", client._endpoint.http_session
    assert parameters(client._make_api_call) == ["operation_name", "api_params"], place
    assert session._proxy_config.proxy_url_for(client.meta.endpoint_url) is None, place
    assert session._verify in (True, os.environ.get("AWS_CA_BUNDLE")), place
    assert session._cert_file is None, place
    assert client.meta.config.signature_version in ("v4", None), place
    signer = client._request_signer
    assert (signer.signing_name, signer.region_name, signer.signature_version) == ("dynamodb", "us-east-1", "v4"), place
    assert signer._credentials.get_frozen_credentials().access_key, "shared/aws/short_calls.py ShortCalls._headers"
    assert parameters(client._serializer.serialize_to_request) == ["parameters", "operation_model"], "shared/aws/short_calls.py QueryWire"


def test_botocore_tries_again_by_the_events_that_the_short_way_tells():
    assert "kwargs['request_dict']['context']" in source(RetryEventAdapter), "shared/aws/short_calls.py ShortCalls._pause"
    told = re.findall(r"^ {12}(\w+)=", source(Endpoint._needs_retry), re.MULTILINE)
    assert told == ["response", "endpoint", "operation", "attempts", "caught_exception", "request_dict"], (
        "shared/aws/short_calls.py ShortCalls._pause: botocore tells its rules something else"
    )


# ---- The emulator: local/launcher.py, local/mendings/


def test_the_emulator_asks_how_many_batches_of_a_queue_may_run():
    assert len(parameters(lambda_svc._sqs_esm_concurrency)) == 4, "local/mendings/functions/workers.py"
    assert "_sqs_esm_concurrency(" in source(lambda_svc._poll_sqs), "local/mendings/functions/workers.py: nobody asks any more"


def test_the_emulator_imports_an_api_without_its_gateway_responses():
    assert parameters(apigateway_v1._import_rest_api) == ["spec", "base_data"], "local/mendings/api/gateway.py"
    assert parameters(apigateway_v1._put_gateway_response)[:3] == ["api_id", "response_type", "data"], "local/mendings/api/gateway.py"
    assert "gateway-responses" not in source(apigateway_v1._import_rest_api), "it imports them itself: api/gateway.py can go"


def test_the_emulator_updates_a_nested_stacks_resources_without_their_attributes_before():
    expected = ["resource_type", "physical_id", "old_props", "new_props", "stack_name", "logical_id", "old_attrs"]
    assert parameters(provisioners._update_resource) == expected, "local/mendings/stacks.py"
    nested = source(provisioners._cfn_nested_stack_deploy)
    assert "old_tagged, new_tagged, child_name, child_logical_id,\n" in nested, "it tells them itself now: local/mendings/stacks.py can go"


def test_the_emulator_makes_names_in_a_nested_stack_by_a_seed_that_updates_do_not_remember():
    assert parameters(provisioners._physical_name)[:2] == ["stack_name", "logical_id"], "local/mendings/stacks.py"
    nested = source(provisioners._cfn_nested_stack_deploy)
    assert "physical_id, attrs = _provision_resource(" in nested, (
        "it keeps the seed itself now: _kept_name of local/mendings/stacks.py can go"
    )
    assert "_NAME_SEED.set(prev.get" in nested


def test_the_emulator_knows_no_codedeploy():
    assert parameters(provisioners._lambda_alias_create) == ["logical_id", "props", "stack_name"], "so are handlers called that make"
    known = [kind for kind in provisioners._RESOURCE_HANDLERS if kind.startswith("AWS::CodeDeploy::")]
    assert known == [], "it knows it itself now: local/mendings/rollouts.py can go"


@pytest.mark.parametrize("store", [dynamodb._stream_records, lambda_svc._esms, lambda_svc._dynamodb_stream_positions, sqs._queues])
def test_the_emulators_stores_are_kept_by_account_and_region(store: Any):
    assert isinstance(store, AccountRegionScopedDict), "local/mendings/streams.py, deliveries.py"
    for name in ("all_items", "all_values", "get_scoped", "set_scoped", "update"):
        assert callable(getattr(store, name)), f"local/mendings/streams.py uses {name}"


def test_the_emulator_saves_and_loads_a_services_state_by_two_functions_looked_up_when_needed():
    for module in (dynamodb, lambda_svc):
        assert parameters(module.get_state) == [], "local/mendings/streams.py"
        assert parameters(module.load_persisted_state) == ["data"], "local/mendings/streams.py"
    assert "mod.get_state" in source(app._build_persistence_save_dict), "local/mendings/streams.py: what it puts there is not called"
    assert ".load_persisted_state(data)" in source(app._load_persisted_state), "local/mendings/streams.py: what it puts there is not called"
    assert '"dynamodb_stream_positions"' in source(lambda_svc.get_state), "local/mendings/streams.py POSITIONS"
    assert "stream_records" not in source(dynamodb.get_state), "it keeps the streams' records itself now: local/redo/stores/items.py"


def test_the_emulator_saves_all_when_it_ends_by_a_function_looked_up_then():
    assert "save_all(_build_persistence_save_dict())" in source(app._handle_lifespan), "local/mendings/writing.py: is replaced in vain"


def test_the_emulators_streams_are_read_by_absolute_positions():
    scope = {"account_id", "region"}
    for name in ("stream_start_position", "stream_end_position", "stream_records_since"):
        assert scope <= set(parameters(getattr(dynamodb, name))), f"local/mendings/streams.py uses {name}"
    assert parameters(dynamodb.stream_records_since)[:3] == ["table_name", "position", "limit"], "local/mendings/streams.py"


def test_the_emulators_poller_is_one_function_that_looks_three_times_and_is_woken_by_one_event():
    assert "target=_poll_loop" in source(lambda_svc._ensure_poller), "local/mendings/polling.py mend"
    assert lambda_svc._esm_wake is concurrency.esm_wake, "local/mendings/polling.py mend"
    assert source(lambda_svc._poll_loop).count("= _poll_") == 3, "local/mendings/polling.py mend: it looks elsewhere too"


def test_the_emulator_asks_by_two_names_whether_a_message_passes_and_a_queue_takes_it():
    place, passes = "local/mendings/topics.py mend", as_shipped(sns, "_matches_filter_policy")
    assert passes.startswith("def _matches_filter_policy(sub: dict, message_attributes: dict, message: str"), place
    assert re.findall(r"\bsub\b\S*", passes)[1:] == ['sub.get("attributes",'] * 2, f"{place}: passing tells it too little of a subscription"
    assert re.findall(r'"(FilterPolicy\w*)"', passes) == ["FilterPolicy", "FilterPolicyScope"], place
    takes = as_shipped(sqs, "queue_policy_allows")
    assert re.sub(r"\s+", " ", takes).startswith(
        "def queue_policy_allows(queue_arn: str, service: str, source_arn: str, source_account: str)"
    ), place
    assert "if not _matches_filter_policy(sub, message_attributes or {}, effective_message):" in source(sns._fanout), place
    assert "_sqs.queue_policy_allows(" in source(sns._deliver_to_sqs), place


def test_the_emulator_starts_threads_by_one_name_and_asks_nothing_else_of_them():
    for starts in (concurrency.run_reentrant, concurrency.spawn_background):
        assert "threading.Thread(target=_run, daemon=True, name=thread_name)" in source(starts), "local/mendings/threads.py"
    asked = set(re.findall(r"\b_reap\.(\w+)", source(app._handle_lifespan)))
    assert asked == {"join", "is_alive"}, "local/mendings/threads.py Borrowed"


def test_the_emulators_query_finds_its_partition_by_what_empty_queries_look_at():
    place = "local/mendings/dynamodb/empty_queries.py take"
    assert parameters(dynamodb._resolve_index_keys) == ["table", "index_name"], place
    assert parameters(dynamodb._index_members) == ["table"], place
    assert parameters(dynamodb._add_consumed_capacity)[:3] == ["result", "data", "table_name"], place
    asked = as_shipped(dynamodb, "_query")
    assert "members = _index_members(table).get(index_name) if index_name else None" in asked, place
    assert 'candidates = list(table["items"].get(pk_val, {}).values())' in asked, place
    assert '_add_consumed_capacity(result, data, name, index_name=data.get("IndexName"))' in asked, place


def test_a_condition_of_an_item_is_judged_by_one_function_that_is_looked_up_when_it_is_called():
    assert parameters(judged_by_emulator) == ["expr", "item", "attr_values", "attr_names", "slot"], "dynamodb/conditions.py take"
    assert "_evaluate_condition(key_cond, it, eav, ean, slot=" in as_shipped(dynamodb, "_query"), "dynamodb/conditions.py take"
    words = ["_or_expr", "_and_expr", "_not_expr", "_primary", "_operand", "_parse_path"]
    assert all(hasattr(dynamodb._ExprEval, word) for word in words), "dynamodb/conditions.py Words: the emulator reads otherwise"


def test_the_emulators_poller_looks_up_what_is_replaced_each_time():
    loop = source(lambda_svc._poll_loop)
    for poll in ("_poll_sqs()", "_poll_dynamodb_streams()"):
        assert poll in loop, "local/mendings/deliveries.py in_turn"
    assert "_run_sqs_batch, esm, func_rec" in source(lambda_svc._poll_sqs), "local/mendings/deliveries.py: _run_sqs_batch"
    wanted = ["esm", "func_rec", "event", "batch", "queue_url", "queue_name"]
    assert parameters(lambda_svc._run_sqs_batch) == wanted, "local/mendings/deliveries.py run_and_give_back"
    assert lambda_svc._esm_inflight == {}, "local/mendings/deliveries.py _idle"


def test_the_emulators_messages_say_when_they_are_due_and_how_often_they_were_taken():
    taken = source(sqs._collect_msgs)
    for written in ('m["visible_at"] <= now', 'm["receive_count"] += 1'):
        assert written in taken, "local/mendings/deliveries.py run_and_give_back, waiting"


def test_the_emulator_takes_messages_and_takes_them_away_by_the_functions_that_are_ours():
    polls, place = source(lambda_svc._poll_sqs), "local/mendings/queues.py mend"
    assert "_sqs._receive_messages_for_esm(queue_url, batch_size)" in polls, place
    assert "_sqs._delete_messages_for_esm(queue_url, receipt_handles)" in source(lambda_svc._run_sqs_batch), place
    theirs = as_shipped(sqs, "_receive_messages_for_esm")
    did = ["_expire_retained(q)", "_dlq_sweep(q)", "return _collect_msgs(q, max_n, vis)"]
    assert [line.strip() for line in theirs.splitlines()[-3:]] == did, "local/mendings/queues.py receive: do as it does"
    assert parameters(sqs._get_q)[0] == "url", "local/mendings/queues.py"
    assert 'm["receive_count"] >= max_rc and m["visible_at"] <= now' in source(sqs._dlq_sweep), "local/mendings/queues.py receive"
    for reads in (sqs._expire_retained, sqs._collect_msgs):
        asked = set(re.findall(r'\bq\["(\w+)"\]', source(reads)))
        assert asked <= {"attributes", "messages", "is_fifo"}, f"local/mendings/queues.py: {reads.__name__} is given a part of a queue"
    assert polls.count('["messages"].remove(') == 1, "local/mendings/queues.py delete: it is replaced while others are taken from it"


def test_the_emulator_ends_all_its_functions_by_one_call():
    assert parameters(lambda_runtime.reset) == [], "local/launcher.py, local/mendings/deliveries.py stop_taking"
    assert "kill_workers(" in source(lambda_runtime.reset)


def test_the_emulator_writes_its_state_when_it_is_told_to_end_and_no_client_is_served_any_more():
    assert "save_all(" in source(app._handle_lifespan), "local/launcher.py end"
    assert Config.graceful_timeout > 0, "local/launcher.py: seconds that requests get"
    assert "signal.SIGTERM" in source(app.main), "local/launcher.py end"


def test_the_emulator_reads_the_settings_that_it_is_given(tmp_path: Any):
    from local.conditions.data_folder import DataFolder

    given = set(Emulator(4566, DataFolder(tmp_path), keeps=True).environment()) & {
        "GATEWAY_PORT", "BIND_HOST", "IOT_MTLS_ENABLED", "SFTP_ENABLED", "PERSIST_STATE", "S3_PERSIST", "STATE_DIR", "S3_DATA_DIR",
        "AUTH",
    }  # fmt: skip
    read = "".join(path.read_text() for path in (ROOT / ".venv").glob("lib/*/site-packages/ministack/**/*.py"))
    unread = {name for name in given if f'"{name}"' not in read and f"'{name}'" not in read}
    assert len(given) == 9
    assert unread == set(), f"local/emulator.py environment: the emulator no longer knows {unread}"


# ---- The emulator's DynamoDB in a schedule: simulation/aws/shortcuts/


@pytest.mark.parametrize("operation", [*OPERATIONS, "CreateTable"])
def test_the_emulators_dynamodb_has_a_handler_of_each_operation_that_takes_and_gives_dictionaries(operation: str):
    handler = f"_{xform_name(operation)}"
    assert f'"{operation}": {handler},' in source(dynamodb.handle_request), "simulation/aws/shortcuts/calls.py: another handler"
    assert parameters(getattr(dynamodb, handler)) == ["data"]
    assert "return json_response(" in as_shipped(dynamodb, handler), "simulation/aws/shortcuts/calls.py: it answers otherwise"


def test_the_emulators_dynamodb_does_nothing_between_json_and_its_handlers():
    whole = source(dynamodb.handle_request)
    assert len(re.findall(r"\bdata\b", whole)) == 2, "simulation/aws/shortcuts/calls.py leaves out what is done with the request"
    assert whole.count("resp_headers") == 3, "simulation/aws/shortcuts/calls.py leaves out what is done with the answer"


@pytest.mark.parametrize(
    ("check", "looked_at"),
    [
        ("_tokenize", ["expr"]),
        ("_key_condition_clauses", ["tokens"]),
        ("_condition_syntax_error", ["expr", "slot"]),
        ("_check_redundant_parens", ["tokens", "slot"]),
        ("_check_reserved_keyword_usage", ["tokens"]),
        ("_validate_expression_attrs", ["data", "expression_fields", "size_wording"]),
        ("_key_condition_operand_error", ["key_cond", "eav"]),
        ("_extract_pk_from_condition", ["condition", "attr_values", "attr_names", "pk_name"]),
        ("_attribute_value_size", ["value"]),
        ("_number_size_bytes", ["text"]),
        ("_item_size_bytes", ["item"]),
        ("_request_values", ["data"]),
        ("_number_error", ["text"]),
        ("_ddb_canonicalize_number", ["s"]),
        ("_nesting_level", ["value", "depth"]),
        ("_project_item", ["item", "proj_expr", "attr_names"]),
        ("_projection_overlap_error", ["expr", "attr_names"]),
        ("_parse_projection_path", ["path", "attr_names"]),
        ("_key_condition_av", ["condition", "key_conditions", "eav", "attr_names", "key_name"]),
    ],
)
def test_the_emulators_dynamodb_looks_at_expressions_and_sizes_by_functions_of_these_arguments(check: str, looked_at: list[str]):
    """They are replaced once a schedule has been played in this process: their text is read."""
    told = re.search(rf"^def {check}\(([^)]*)\)", inspect.getsource(dynamodb), re.MULTILINE)[1]
    assert re.findall(r"(\w+)(?:: [^,=]+)?(?: ?= ?[^,]+)?(?:,|$)", told) == looked_at, "local/mendings/dynamodb/expressions.py, sizes.py"


def test_the_emulators_dynamodb_asks_no_value_of_an_expression_but_whether_it_is_named():
    text = inspect.getsource(dynamodb)
    body = text[text.index("def _validate_expression_attrs(") : text.index("def _validate_return_values(")]
    assert re.findall(r"\b(?:eav|ean)\b[.\[]\w*", body) == ["eav.keys", "ean.keys"], "local/mendings/dynamodb/expressions.py _named"


def test_the_emulators_pool_hands_all_its_mails_to_one_function():
    assert parameters(cognito._deliver_cognito_email)[:4] == ["pool", "to_email", "subject", "body"], "local/mendings/mail/pool_codes.py"
    for what in ("_send_verification_email", "_send_email_otp"):
        assert "return _deliver_cognito_email(" in source(getattr(cognito, what)), "local/mendings/mail/pool_codes.py: another way"


def test_the_emulators_pool_gives_everybody_who_signs_up_one_code():
    assert f'"_confirmation_code": "{CONFIRMATION_CODE}"' in source(cognito), (
        "hubclient/people.py CONFIRMATION_CODE, README, docs/operators.md"
    )


def test_lines_and_values_are_kept_by_the_functions_that_are_ours():
    emit = parameters(lambda_svc._emit_lambda_logs)
    assert emit == ["func", "request_id", "log_text", "error", "duration_ms", "log_source"], "watching.py emitting"
    assert "_emit_lambda_logs(" in source(lambda_svc._execute_function_dispatch), "watching.py mend: nobody asks any more"
    assert parameters(cloudwatch_logs._append_log_events) == ["stream", "events"], "watching.py emitting"
    assert parameters(cloudwatch_logs._fanout_to_subscription_filters) == ["group_name", "stream_name", "events"], "watching.py emitting"
    assert hasattr(cloudwatch_logs._log_events_lock, "acquire"), "watching.py _forget_oldest"
    assert parameters(cloudwatch.record_metric) == ["namespace", "metric_name", "value", "unit", "dimensions"], "watching.py recording"
    assert "_cw.record_metric(" in source(lambda_svc._emit_lambda_metrics), "watching.py mend: nobody asks any more"


def test_what_is_held_less_of_is_looked_at_as_it_is_held():
    used = set(re.findall(r"model\.(\w+)", source(responses._expected_envelope_content_type)))
    assert used == {"metadata"}, "lean.py metadata_of: more of a model is looked at"
    assert callable(responses._service_model.__wrapped__), "lean.py mend"
    assert parameters(dynamodb._txn_token_store) == ["crt", "entry"], "lean.py store_digests"
    for asks in (dynamodb._transact_write_items, dynamodb._execute_transaction):
        assert 'prior.get("signature") == signature' in source(asks), "lean.py Digest: it must stand at the left"
        assert '"signature": signature' in source(asks), "lean.py store_digests"
    assert '"code_zip"' in source(lambda_svc._effective_func_record_for_qualifier) + source(lambda_svc._execute_function_warm), (
        "lean.py share_code"
    )


def test_an_apis_resources_are_looked_up_by_the_function_that_is_ours_and_change_where_it_notices():
    assert parameters(apigateway_v1._match_resource_tree) == ["api_id", "segments"], "routes.py mend"
    for asks in (apigateway_v1.method_authorization_type, apigateway_v1._execute_in_scope):
        assert "_match_resource_tree(api_id, segments)" in source(asks), "routes.py mend: nobody asks any more"
    assert parameters(apigateway_v1._update_resource)[0] == "api_id", "routes.py mend"
    written = re.findall(r"\[[\"'](?:pathPart|parentId)[\"']\] *=[^=]", source(apigateway_v1))
    assert written == [], "routes.py mark: somebody moves resources without _update_resource"


def test_an_api_is_changed_by_the_function_that_is_ours_and_all_that_an_import_makes_is_moved():
    given = parameters(provisioners._apigw_rest_api_update)
    assert given == ["physical_id", "old_props", "new_props", "stack_name", "logical_id"], "kept_address.py mend"
    tables = set(re.findall(r"^(_[a-z0-9_]+) = Account(?:Region)?ScopedDict\(\) +# rest_api_id", source(apigateway_v1), re.MULTILINE))
    assert tables <= {*kept_address.IMPORTED, *kept_address.MADE_BESIDE}, "kept_address.py: an API has more to it now"


def test_an_answer_is_sent_by_the_function_that_is_ours():
    theirs = source(H11Protocol._send_h11_event)
    assert parameters(H11Protocol._send_h11_event) == ["self", "event"], "sending.py send"
    assert "data = self.connection.send(event)" in theirs, "sending.py send: do as it does"
    assert "await self.send(RawData(data=data))" in theirs, "sending.py send: do as it does"
    assert "self._send_h11_event(" in source(H11Protocol.stream_send), "sending.py mend: nobody asks any more"


def test_mails_are_taken_at_the_door_of_ses_and_told_to_the_topic_of_their_configuration_set():
    assert parameters(app._handle_ses_v2_request) == ["method", "path", "headers", "body", "query_params", "request_id"], "sent_mails.py"
    assert parameters(app._enforce_data_plane)[:5] == ["service", "iam_action", "headers", "query_params", "request_id"]
    assert {"resource_arn", "named_resource"} <= set(parameters(app._enforce_data_plane))
    assert parameters(sns.publish_internal)[:2] == ["topic_arn", "message"]
    assert hasattr(ses_v2._config_sets, "get"), "sent_mails._tell looks a configuration set up by its name"
    told, _ = ses_v2._event_destination({"Enabled": True, "MatchingEventTypes": ["SEND"], "SnsDestination": {"TopicArn": "arn"}})
    assert told == {"Enabled": True, "MatchingEventTypes": ["SEND"], "SnsDestination": {"TopicArn": "arn"}}


def test_a_short_address_becomes_the_apis_own_before_the_emulator_looks_at_it():
    assert parameters(app._handle_execute_api_request)[:2] == ["host", "path"], "served_mailbox.py"
    assert "raw_path" in parameters(app._handle_execute_api_request)
    assert app._parse_execute_api_url("127.0.0.1", "/_aws/execute-api/abc/local/v1/x") == ("abc", "local", "/v1/x")
