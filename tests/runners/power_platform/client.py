"""A client that knows nothing but the Swagger file: bravado makes it, and holds what is sent and what
comes back to the file. Calls come as JSON on stdin, outcomes go to stdout.
"""

import json
import sys

from bravado.client import SwaggerClient
from bravado.exception import HTTPError
from bravado.requests_client import RequestsClient
from jsonschema import ValidationError

given = json.load(sys.stdin)
specification = given["specification"]
http = RequestsClient()
(scheme,) = specification["securityDefinitions"].values()
http.set_api_key(
    specification["host"], given["key"], param_name=scheme["name"], param_in=scheme["in"]
)
client = SwaggerClient.from_spec(
    specification,
    origin_url=f"{specification['schemes'][0]}://{specification['host']}/",
    http_client=http,
    config={"use_models": False},
)
answers = []
for operation, parameters in given["calls"]:
    try:
        future = getattr(client.v1, operation)(body=parameters)
        answers.append({"outcome": future.response().result})
    except HTTPError as error:
        answers.append({"outcome": error.swagger_result, "http_status": error.status_code})
    except ValidationError as error:
        answers.append({"refused": error.message})
json.dump(answers, sys.stdout, default=str)
