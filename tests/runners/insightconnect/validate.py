"""Runs every one of the product's validators on a plugin and prints, as JSON, who refused it and why.

Its own command stops at the first of them that asks its servers, so the validators are run one by one.
"""

import json
import sys

import requests
from icon_plugin_spec.plugin_spec import KomandPluginSpec
from icon_validator.rules import VALIDATORS

spec = KomandPluginSpec(sys.argv[1], "plugin.spec.yaml")
passed, refused, unreachable = [], {}, []
for found in VALIDATORS:
    validator = found() if isinstance(found, type) else found
    name = type(validator).__name__
    try:
        validator.validate(spec)
    except requests.exceptions.RequestException:
        unreachable.append(name)
    except Exception as error:  # noqa: BLE001 - each refuses with one of its own
        refused[name] = str(error)
    else:
        passed.append(name)
print(json.dumps({"passed": passed, "refused": refused, "unreachable": unreachable}))
