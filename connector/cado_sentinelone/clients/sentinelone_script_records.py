"""What the console answers about remote scripts, their tasks and their approvals (contract 7, 8)."""

from __future__ import annotations

from pydantic import AliasChoices, AliasPath, Field, SecretStr

from cado_sentinelone.clients.sentinelone_records import Moment, Record

_ENDED = frozenset({"completed", "failed", "canceled", "expired"})


class RemoteScript(Record):
    """A script of the console's library."""

    script_id: str = Field(validation_alias="id")
    name: str = Field("", validation_alias="scriptName")
    script_type: str = ""
    os_types: tuple[str, ...] = ()
    scope_level: str = ""
    scope_id: str = ""
    signature: str = ""
    signature_type: str = ""
    created_at: Moment = None


class ScriptContent(Record):
    """A script's text; ours holds an upload credential."""

    content: SecretStr = Field(validation_alias="scriptContent")


class Execution(Record):
    """What became of an execute call: a parent task, or an execution that waits for approval.

    `affected` 0 says that the filter matched nothing (contract 7.2).
    """

    affected: int = 0
    parent_task_id: str = ""
    pending: bool = False
    pending_execution_id: str = ""


class Task(Record):
    """One endpoint's row of a parent task. `status` and the texts are the console's own words."""

    task_id: str = Field("", validation_alias="id")
    parent_task_id: str = ""
    description: str = ""
    status: str = ""
    detailed_status: str = ""
    status_description: str = ""
    status_code: str = ""
    agent_id: str = ""
    hostname: str = Field("", validation_alias="agentComputerName")
    site_id: str = ""
    account_id: str = ""
    result_signature: str = Field("", validation_alias="scriptResultsSignature")
    created_at: Moment = None
    updated_at: Moment = None

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen to it; a word we do not know has not ended."""
        return self.status in _ENDED


class ResultLink(Record):
    """Where a task's result file can be fetched, for an hour, without our token (contract 7.4)."""

    task_id: str = ""
    file_name: str = ""
    url: SecretStr = Field(validation_alias="downloadUrl")


class PendingExecution(Record):
    """An execution that a reviewer has to approve. `state` is waiting, approved, declined, expired."""

    pending_execution_id: str = Field(
        validation_alias=AliasChoices("pendingExecutionId", "id"),
    )
    state: str = ""
    script_id: str = Field(
        "",
        validation_alias=AliasChoices(
            AliasPath("scriptData", "id"),
            AliasPath("scriptData", "scriptId"),
            AliasPath("executionData", "scriptId"),
        ),
    )
    description: str = Field("", validation_alias=AliasPath("executionData", "taskDescription"))
    can_approve_or_decline: bool | None = None
    total_endpoints: int | None = None


class RemoteOpsPolicy(Record):
    """What a site's policy lets results of scripts take; None where it sets nothing (contract 6)."""

    max_file_size_bytes: int | None = Field(
        None, validation_alias=AliasPath("remoteScriptOrchestration", "maxFileSize")
    )
    max_daily_upload_megabytes: int | None = Field(
        None, validation_alias=AliasPath("remoteScriptOrchestration", "maxDailyFileUpload")
    )


class PrivateTask(Record):
    """A task as the console's own, unpublished list has it (contract 8)."""

    task_id: str = Field("", validation_alias="id")
    parent_task_id: str = ""
    description: str = ""
    status: str = ""
    agent_id: str = ""
