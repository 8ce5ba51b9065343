"""What the redo log (local/redo) uses of the emulator's insides: where its services keep what they are told, and by what they change it.

One test for each, as in test_borrowed_internals.py. When one fails after an upgrade, what is kept may lack something: read the place that
its message names before anything else.
"""

import inspect
import json
import re
from pathlib import Path
from typing import Any

import ministack
import pytest
from ministack import app
from ministack.core import responses
from ministack.core.persistence import _json_default, _json_object_hook
from ministack.services import cloudformation, dynamodb, lambda_svc, s3, sqs

from local.redo.stores import items, services

EMULATOR = Path(ministack.__file__).parent


def parameters(function: Any) -> list[str]:
    return list(inspect.signature(function).parameters)


def functions() -> list[tuple[str, str]]:
    """DynamoDB's, each with its text."""
    found: list[tuple[str, str]] = re.findall(r"^def (\w+)\((.*?)(?=^def |\Z)", inspect.getsource(dynamodb), re.MULTILINE | re.DOTALL)
    return found


def source(what: Any) -> str:
    return inspect.getsource(what)


# ---- DynamoDB: local/redo/stores/items.py


def test_dynamodb_writes_and_removes_an_item_by_one_function_each():
    assert parameters(dynamodb._set_item) == ["table", "pk_val", "sk_val", "item"], "items.py put"
    assert parameters(dynamodb._remove_item) == ["table", "pk_val", "sk_val"], "items.py delete"
    text = inspect.getsource(dynamodb)
    written = re.findall(r'^.*\["items"\](?:\.setdefault\(pk_val, \{\}\)|\[[^\]]+\])*\[[^\]]+\] = .*$', text, re.MULTILINE)
    assert [line.strip() for line in written] == ['table["items"].setdefault(pk_val, {})[sk_val] = item'], (
        "items.py: a write past _set_item"
    )


def test_whoever_puts_other_items_in_place_of_all_of_a_table_says_so():
    found = {name: body for name, body in functions() if re.search(r'\["items"\] = defaultdict', body)}
    unsaid = {name for name, body in found.items() if "_items_replaced(" not in body}
    assert "_restore_table_to_point_in_time" in found
    assert unsaid == {"_restore_state", "_create_replica"}, "items.py all_replaced: a start, a global table"
    assert parameters(dynamodb._items_replaced) == ["table"], "items.py all_replaced"


@pytest.mark.parametrize("call", items.CALLS)
def test_dynamodbs_calls_are_looked_up_when_they_are_made(call: str):
    assert f": _{call}," in source(dynamodb.handle_request), "items.py CALLS: what is put there is not called"
    assert parameters(getattr(dynamodb, f"_{call}")) == ["data"], "items.py _one_line"


def test_what_writes_items_is_one_of_the_calls_that_become_one_line_or_their_part():
    writing = {name for name, body in functions() if re.search(r"_(?:set|remove)_item\(", body)}
    parts = {"_partiql_insert", "_partiql_update", "_partiql_delete"}
    alone = {"_ttl_reaper", "_replicate_write"}  # a line for the item, one for its record; the hub has no replicas
    assert writing == {f"_{call}" for call in items.CALLS[:5]} | parts | alone, "items.py CALLS"


def test_a_streams_record_is_appended_by_one_function_that_all_writes_call():
    assert parameters(dynamodb._emit_stream_event) == ["table_name", "event_name", "old_item", "new_item", "replicate"], "items.py emitted"
    assert inspect.getsource(dynamodb).count("_stream_records[table_name].append(record)") == 1, "items.py emitted"
    assert parameters(dynamodb.drop_stream_records) == ["table_name", "table"], "items.py dropped"


def test_dynamodbs_state_is_what_the_description_says_and_its_items():
    told = re.findall(r'^ {8}"(\w+)":', source(dynamodb.get_state), re.MULTILINE)
    assert tuple(told) == items.STORES, "items.py STORES"
    for store in items.STORES:
        assert isinstance(getattr(dynamodb, f"_{store}"), responses.AccountRegionScopedDict), "items.py description"
    assert parameters(dynamodb._update_counts) == ["table"], "items.py restore"


# ---- SQS: local/redo/stores/messages.py


def test_everybody_reaches_queues_by_the_variable_that_is_replaced():
    assert isinstance(sqs._queues, responses.AccountRegionScopedDict), "messages.py Queues"
    assert not [
        path for path in EMULATOR.rglob("*.py") if re.search(r"from ministack\.services\.sqs import [^\n]*_queues\b", path.read_text())
    ]
    for name in ("__setitem__", "set_scoped", "update", "all_items"):
        assert callable(getattr(responses.AccountRegionScopedDict, name)), "messages.py Queues"


def test_messages_come_by_append_and_go_by_replacing_the_list_by_remove_or_by_clear():
    """Whoever changed the list otherwise would do it unseen."""
    found = set[str]()
    for path in (EMULATOR / "services").glob("*.py"):
        if path.stem in {"sqs", "sns", "s3", "eventbridge", "lambda_svc", "stepfunctions", "scheduler", "pipes"}:
            found |= set(re.findall(r'(?:q|queue|dlq|target_q|_q)\["messages"\](\.\w+| = |\[)', path.read_text()))
    assert found <= {".append", ".remove", ".clear", " = ", "["}, "messages.py Messages"
    assert 'queue["messages"][-1]' in (EMULATOR / "services/eventbridge.py").read_text()
    assert len(re.findall(r'\["messages"\]\[', inspect.getsource(sqs))) == 0, "messages.py Messages: an element is replaced"


def test_a_message_is_deleted_by_whoever_received_it_and_says_when_it_was_sent():
    for delete in (sqs._act_delete_message, sqs._act_delete_message_batch, sqs._delete_messages_for_esm):
        assert re.search(r'receipt_handle"?[\])]+ is not None', source(delete)), "messages.py _cannot_go"
    assert '"sent_at": now,' in source(sqs._act_send_message), "messages.py _cannot_go"
    assert 'm.setdefault("sent_at"' in source(sqs._ensure_msg_fields), "messages.py _cannot_go"


def test_sqs_keeps_nothing_but_queues_and_their_names():
    assert re.findall(r'^ {8}"(\w+)":', source(sqs.get_state), re.MULTILINE) == ["queues", "queue_name_to_url"], "messages.py description"


# ---- Readers of streams, services, objects


def test_a_reader_is_moved_by_setting_its_position_once_its_batch_is_done():
    poll = source(lambda_svc._poll_dynamodb_streams)
    assert poll.index("_execute_function(func_rec, event)") < poll.rindex("_dynamodb_stream_positions[esm_id] = pos + raw_len")
    assert len(re.findall(r"_dynamodb_stream_positions\[esm_id\] = ", inspect.getsource(lambda_svc))) == 8, "readers.py Positions"
    assert "global _dynamodb_stream_positions" not in inspect.getsource(lambda_svc), "readers.py watch: it would be replaced again"


def test_records_are_let_go_where_nobody_writes_or_polls():
    assert "handler(data)" in source(dynamodb.handle_request), "streams.py forget_read: items are written on the loop, a call at a time"
    assert "_MAIN_LOOP = asyncio.get_running_loop()" in source(app._handle_lifespan), "streams.py _mend_polling"
    reaper = source(dynamodb._ttl_reaper)
    assert reaper.index("with _lock:") < reaper.index("_remove_item("), "streams.py forget_read: who writes elsewhere holds the lock"


def test_each_service_is_asked_through_a_table_of_handlers_by_five_arguments_and_answers_when_it_has_done():
    dispatch = source(app._dispatch_service_request)
    assert "handler = SERVICE_HANDLERS.get(service)" in dispatch, "services.py States.watch"
    assert "await handler(method, path, headers, body, query_params)" in dispatch, "services.py operation"
    assert set(services.OFTEN) <= set(app.SERVICE_HANDLERS), "services.py OFTEN"
    assert services.EVERYTHING in app.SERVICE_HANDLERS
    assert {"module"} <= set(app.SERVICE_REGISTRY["dynamodb"]), "services.py _names_of"
    assert app._state_map["lambda"] == "lambda_svc", "services.py restore"


def test_states_become_json_and_back_by_two_functions():
    scoped = responses.AccountRegionScopedDict()
    scoped.set_scoped("000000000000", "us-east-1", ("a", 1), {"body": b"\0"})
    again = json.loads(json.dumps({"found": scoped}, default=_json_default), object_hook=_json_object_hook)
    assert again["found"].all_items() == scoped.all_items(), "services.py _states, restore"


def test_the_emulator_deletes_code_that_its_newest_state_does_not_name():
    assert "_prune_orphan_code_blobs(referenced)" in source(lambda_svc.get_state), "services.py keep_code"
    assert parameters(lambda_svc._prune_orphan_code_blobs) == ["referenced"], "services.py forget_code"
    assert "hashlib.sha256(code_zip).hexdigest()" in source(lambda_svc._write_code_blob), "services.py forget_code"


def test_a_stack_says_while_it_is_being_changed():
    assert isinstance(cloudformation._stacks, responses.AccountRegionScopedDict), "services.py _deploying"
    changing = "".join(path.read_text() for path in (EMULATOR / "services/cloudformation").glob("*.py"))
    assert '"UPDATE_IN_PROGRESS"' in changing, "services.py _deploying"
    assert '"StackStatus"' in changing, "services.py _deploying"


def test_an_object_that_was_not_written_stays_in_memory_and_is_only_logged():
    persist = source(s3._persist_object)
    assert parameters(s3._persist_object) == ["bucket", "key", "obj"], "objects.py persisted"
    assert persist.index('obj["body"] = None') > persist.index('_atomic_write(fpath + ".meta.json", json.dumps(meta)'), "objects.py"
    assert "except Exception as e:\n        logger.warning(" in persist, "it refuses itself now: objects.py can go"
    assert "os.replace(tmp, fpath)" in source(s3._atomic_write), "objects.py: objects are not put in their place whole any more"


def test_the_emulator_restores_what_is_kept_by_a_function_looked_up_when_it_starts():
    assert "_load_persisted_state()" in source(app._handle_lifespan), "keeper.py watch: is replaced in vain"


def test_the_hubs_api_is_reached_by_one_function_that_tells_host_and_path_first():
    assert parameters(app._handle_execute_api_request)[:4] == ["host", "path", "method", "headers"], "door.py, shop_hosts.py"
    assert parameters(app._parse_execute_api_url) == ["host", "path"], "door.py, shop_hosts.py"
    assert "await _handle_execute_api_request(" in source(app._handle_special_data_plane_request), "local/mendings/api/door.py"
