"""Stands in a test for the process that reads a picture: tells which variables it was given."""

import json
import os

print(json.dumps({"refusal": {"code": "wrong-type", "found": " ".join(os.environ)}}))
