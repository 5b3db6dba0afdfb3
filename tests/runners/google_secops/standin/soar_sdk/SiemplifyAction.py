"""What of the platform's action our bundle uses; the real one is in no package index.

It reads the context of one run from standard input and writes what came of it to standard output, as the
platform's own does.
"""

import json
import sys


class Result:
    def __init__(self):
        self.json_object = None

    def add_result_json(self, json_data):
        self.json_object = json_data


class SiemplifyAction:
    def __init__(self):
        self._context = json.load(sys.stdin)
        self.parameters = self._context["parameters"]
        self.result = Result()
        self.script_name = ""

    def extract_configuration_param(self, provider_name, param_name):
        return self._context["configurations"][provider_name].get(param_name)

    def extract_action_param(self, param_name):
        return self.parameters.get(param_name)

    def end(self, message, result_value, execution_state=0):
        ended = {
            "Message": message,
            "ResultObjectJson": json.dumps(self.result.json_object),
            "ResultValue": result_value,
            "ExecutionState": execution_state,
        }
        print(json.dumps(ended))
        sys.exit(0)
