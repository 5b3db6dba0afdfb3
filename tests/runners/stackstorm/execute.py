"""Runs one action of the pack as StackStorm's Python runner does; reads and writes JSON."""

import importlib.util
import json
import sys
from pathlib import Path

import yaml

asked = json.load(sys.stdin)
pack = Path(asked["pack"])
metadata = yaml.safe_load((pack / "actions" / f"{asked['action']}.yaml").read_text())
schema = yaml.safe_load((pack / "config.schema.yaml").read_text())
assert asked["config"].keys() <= schema.keys()
unknown = asked["parameters"].keys() - metadata["parameters"].keys()
if unknown:
    raise SystemExit(f"unexpected parameters: {sorted(unknown)}")
parameters = {
    name: attributes["default"]
    for name, attributes in metadata["parameters"].items()
    if "default" in attributes
} | asked["parameters"]
lacking = [
    name
    for name, attributes in metadata["parameters"].items()
    if attributes.get("required") and name not in parameters
]
if lacking:
    raise SystemExit(f"missing parameters: {lacking}")
place = pack / "actions" / metadata["entry_point"]
spec = importlib.util.spec_from_file_location("pack_action", place)
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
succeeded, result = module.Run(config=asked["config"]).run(**parameters)
print(json.dumps({"succeeded": succeeded, "result": result}))
