"""The routes of RemoteOps: what each is called, needs and takes (contract 7 and 8)."""

from cado_sentinelone.sandbox.sentinelone import (
    approvals,
    executions,
    guardrail_routes,
    library,
    list_rules,
    remote_rules,
    scheduled_tasks,
    script_edits,
    scripts,
    task_configuration,
)
from cado_sentinelone.sandbox.sentinelone.gate import Operation
from cado_sentinelone.sandbox.sentinelone.permissions import RSO

_GUARDRAILS = "/remote-scripts/guardrails/configuration"
_SETTINGS = "/tasks-configuration"

REMOTE_OPERATIONS = (
    Operation(
        "GET",
        "/remote-scripts",
        scripts.list_scripts,
        (f"{RSO}.view", f"{RSO}.delete"),
        list_rules.SCRIPTS,
    ),
    Operation(
        "GET",
        "/remote-scripts/fetch-upload-limits",
        scripts.get_upload_limits,
        (f"{RSO}.view",),
    ),
    Operation(
        "POST", "/remote-scripts", library.upload_script, (f"{RSO}.upload",), form=library.UPLOAD
    ),
    Operation(
        "DELETE", "/remote-scripts", library.remove_scripts, (f"{RSO}.delete",), body=library.REMOVE
    ),
    Operation(
        "GET",
        "/remote-scripts/script-content",
        library.get_content,
        (f"{RSO}.view",),
        library.CONTENT,
    ),
    Operation(
        "POST",
        "/remote-scripts/execute",
        executions.execute_script,
        (f"{RSO}.view", *executions.RUN_RIGHTS.values()),
        body=executions.EXECUTE,
    ),
    Operation(
        "GET",
        "/remote-scripts/status",
        executions.list_tasks,
        ("Task Management.view",),
        list_rules.TASKS,
    ),
    Operation(
        "POST",
        "/remote-scripts/fetch-files",
        executions.fetch_files,
        (f"{RSO}.view",),
        body=executions.FETCH,
    ),
    Operation(
        "POST",
        "/remote-scripts/guardrails/check",
        approvals.check_guardrails,
        (f"{RSO}.view",),
        body=approvals.CHECK,
    ),
    Operation(
        "GET",
        "/remote-scripts/pending-executions",
        approvals.list_pending,
        (f"{RSO}.view",),
        list_rules.PENDING,
    ),
    Operation(
        "PUT",
        "/remote-scripts/pending-executions/{pending_execution_id}",
        approvals.review,
        (f"{RSO}.reviewPendingExecutions",),
        body=approvals.REVIEW,
    ),
    Operation(
        "GET",
        "/private/tasks",
        executions.list_private_tasks,
        ("Task Management.view",),
        list_rules.PRIVATE_TASKS,
    ),
    Operation(
        "POST",
        "/private/tasks/cancel-task",
        executions.cancel_tasks,
        (f"{RSO}.cancelArtifactCollectionScript",),
        body=executions.CANCEL,
    ),
    Operation(
        "PUT",
        "/remote-scripts/{script_id}",
        script_edits.edit_facts,
        (f"{RSO}.edit",),
        body=script_edits.FACTS,
    ),
    Operation(
        "PUT",
        "/remote-scripts/edit/{script_id}",
        script_edits.edit_script,
        (f"{RSO}.edit",),
        form=script_edits.EDIT,
    ),
    Operation(
        "GET",
        _GUARDRAILS,
        guardrail_routes.get_guardrail,
        (f"{RSO}.view",),
        remote_rules.GUARDRAIL,
    ),
    Operation(
        "POST",
        _GUARDRAILS,
        guardrail_routes.set_guardrail,
        (f"{RSO}.manageGuardrails",),
        body=guardrail_routes.SET,
    ),
    Operation(
        "DELETE",
        _GUARDRAILS,
        guardrail_routes.remove_guardrail,
        (f"{RSO}.manageGuardrails",),
        body=guardrail_routes.REMOVE,
    ),
    Operation(
        "POST",
        "/remote-ops/schedule/remote-script",
        scheduled_tasks.schedule_script,
        (f"{RSO}.createScheduledTasks",),
        body=scheduled_tasks.CREATE,
    ),
    Operation(
        "GET",
        "/remote-ops/scheduled-tasks",
        scheduled_tasks.list_scheduled,
        (f"{RSO}.viewScheduledTasks",),
        remote_rules.SCHEDULED,
    ),
    Operation(
        "DELETE",
        "/remote-ops/scheduled-tasks",
        scheduled_tasks.remove_scheduled,
        (f"{RSO}.deleteScheduledTasks",),
        body=scheduled_tasks.REMOVE,
    ),
    Operation(
        "PUT",
        "/remote-ops/scheduled-tasks/{scheduled_task_id}",
        scheduled_tasks.change_scheduled,
        (f"{RSO}.updateScheduledTasks",),
        body=scheduled_tasks.CHANGE,
    ),
    Operation(
        "GET",
        _SETTINGS,
        task_configuration.get_settings,
        ("Upgrade Policy.view",),
        remote_rules.SETTINGS,
    ),
    Operation(
        "PUT",
        _SETTINGS,
        task_configuration.change_settings,
        ("Upgrade Policy.edit",),
        body=task_configuration.CHANGE,
    ),
    Operation(
        "GET",
        f"{_SETTINGS}/explicit-subscopes",
        task_configuration.list_subscopes,
        ("Upgrade Policy.view",),
        remote_rules.SUBSCOPES,
    ),
    Operation(
        "GET",
        f"{_SETTINGS}/has-explicit-subscope",
        task_configuration.has_subscope,
        ("Upgrade Policy.view",),
        remote_rules.SETTINGS,
    ),
)
