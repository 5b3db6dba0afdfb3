"""Runs one action of a classic app on the SDK's stand-in for the platform's BaseConnector."""

import importlib
import json
import os
import sys
from pathlib import Path

import soar_sdk

asked = json.load(sys.stdin)
sys.path.insert(0, str(Path(soar_sdk.__file__).parent / "shims"))
sys.path.insert(0, asked["app"])
os.chdir(asked["app"])
manifest = json.loads(next(Path(asked["app"]).glob("*.json")).read_text())
module = importlib.import_module(manifest["main_module"].removesuffix(".py"))

from phantom.base_connector import BaseConnector

(kind,) = [
    one
    for one in vars(module).values()
    if isinstance(one, type) and issubclass(one, BaseConnector) and one is not BaseConnector
]
connector = kind()
connector.initialize()
order = {
    "identifier": asked["action"],
    "config": asked["config"],
    "parameters": [asked["parameters"]],
}
connector._handle_action(json.dumps(order), None)
connector.finalize()
(result,) = connector.get_action_results()
print(
    json.dumps(
        {
            "status": bool(result.get_status()),
            "message": result.get_message(),
            "data": result.get_data(),
            "summary": result.get_summary(),
        }
    )
)
