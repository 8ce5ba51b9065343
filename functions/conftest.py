"""The tests that lie in the plug-ins' folders may ask for what all tests may ask for."""

from tests.conftest import _moto, data, make_table

__all__ = ["_moto", "data", "make_table"]
