"""Has StackStorm's workflow engine conduct the workflow; its Python is older than ours.

Reads one JSON object: the workflow's file, its input, and the command that runs an action. Waits between
retries are left out: the sandbox's time runs by itself.
"""

import json
import subprocess
import sys
from pathlib import Path

import yaml
from orquesta import conducting, events, statuses
from orquesta.specs import native

asked = json.load(sys.stdin)
spec = native.WorkflowSpec(yaml.safe_load(Path(asked["workflow"]).read_text()))
problems = spec.inspect()
if problems:
    print(json.dumps({"problems": problems}))
    raise SystemExit(1)
conductor = conducting.WorkflowConductor(spec, inputs=asked["input"])
conductor.request_workflow_status(statuses.RUNNING)
ran = []
while conductor.get_workflow_status() == statuses.RUNNING and len(ran) < 400:
    for task in conductor.get_next_tasks():
        for action in task["actions"]:
            name = action["action"].split(".")[1]
            given = {"action": name, "parameters": action["input"], **asked["execute"]}
            place = (task["id"], task["route"])
            conductor.update_task_state(*place, events.ActionExecutionEvent(statuses.RUNNING))
            done = subprocess.run(  # noqa: S603 - the proof's own command
                asked["command"],
                input=json.dumps(given),
                check=False,
                capture_output=True,
                text=True,
            )
            if done.returncode:
                raise SystemExit(done.stderr)
            result = json.loads(done.stdout.splitlines()[-1])
            ran.append(name)
            status = statuses.SUCCEEDED if result["succeeded"] else statuses.FAILED
            event = events.ActionExecutionEvent(status, result={"result": result["result"]})
            conductor.update_task_state(*place, event)
conductor.render_workflow_output()
print(
    json.dumps(
        {
            "problems": {},
            "status": conductor.get_workflow_status(),
            "output": conductor.get_workflow_output(),
            "errors": conductor.errors,
            "ran": ran,
        }
    )
)
