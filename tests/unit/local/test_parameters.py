"""What a person asks of the laptop's runner, checked before anything starts."""

import pytest

from local.conditions.parameters import parameters_of
from local.conditions.ports import port_of
from local.conditions.refusals import CannotStart


def test_parameters_are_written_as_names_and_values_with_spaces_between_and_a_value_may_hold_some():
    assert parameters_of("") == {}
    wanted = {"PayoutHoldDays": "0", "ProviderBases": '{"ups": "http://127.0.0.1:9/x?a=b"}', "CommissionPerMille": "50"}
    assert parameters_of("  " + " ".join(f"{name}={value}" for name, value in wanted.items()) + " ") == wanted


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ("PayoutHoldDay=0", "the template has no parameter PayoutHoldDay: there are AccessLogs, "),
        ("PayoutHoldDays=soon", "PayoutHoldDays=soon: must be a whole number from 0 to 120"),
        ("PayoutHoldDays=0 CommissionPerMille=501", "CommissionPerMille=501: must be a whole number from 0 to 500"),
        ("PayoutHoldDays=", "PayoutHoldDays=: must be a whole number from 0 to 120"),
        ("LogLevel=LOUD", "LogLevel=LOUD: must be one of DEBUG, INFO, WARNING, ERROR"),
        ("PluginFunctions=acme", "PluginFunctions=acme: must match"),
        ("ProviderBases=acme", "ProviderBases=acme: must be a JSON object"),
        ("Stage=prod", "Stage is set by the runner"),
        ("Tracing=yes", "Tracing is set by the runner"),
        ("0", "0 is no parameter: write Name=value"),
    ],
)
def test_a_parameter_that_the_template_does_not_take_is_said_in_a_sentence(parameters: str, said: str):
    with pytest.raises(CannotStart) as refused:
        parameters_of(parameters)
    assert said in str(refused.value)


@pytest.mark.parametrize("port", ["99999", "0", "http", "-1", "", "4566.0", "４５６６"])
def test_what_is_no_port_is_said_in_a_sentence(port: str):
    with pytest.raises(CannotStart, match="is no port: choose a number from 1024 to 65535"):
        port_of(port, "PORT")
