"""The errors that a caller takes decisions on, each with words on what to do."""

from __future__ import annotations

TYPE_CHECKING = False  # not typing's: importing typing would double what this file costs
if TYPE_CHECKING:
    from typing import ClassVar, Literal

    Kind = Literal[
        "params",
        "asset",
        "unauthorized",
        "forbidden",
        "not_found",
        "conflict",
        "throttled",
        "unavailable",
        "timeout",
        "approval",
        "refused",
        "ledger",
        "plugin",
        "internal",
    ]


class ConnectorError(Exception):
    """What went wrong, whose fault it was and what to do about it.

    `vendor` is "sentinelone" or "cado" when a vendor's answer caused the error; `retryable`
    says that the same request may succeed later without anybody changing anything.
    """

    kind: ClassVar[Kind] = "internal"
    default_remedy: ClassVar[str] = "Report this with the run id; the log at DEBUG has the details."

    def __init__(
        self,
        message: str,
        *,
        remedy: str = "",
        vendor: str | None = None,
        http_status: int | None = None,
        request_id: str | None = None,
        retryable: bool = False,
        retry_after_seconds: float | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy or self.default_remedy
        self.vendor = vendor
        self.http_status = http_status
        self.request_id = request_id
        self.retryable = retryable
        self.retry_after_seconds = retry_after_seconds


class InternalError(ConnectorError):
    """A mistake of ours."""


class ParamsError(ConnectorError):
    """The request's action or parameters are wrong; nothing was sent."""

    kind = "params"
    default_remedy = "Correct the parameter that the message names and run the action again."


class AssetError(ConnectorError):
    """The asset lacks or misstates a setting that the action needs; nothing was sent."""

    kind = "asset"
    default_remedy = "Correct the setting that the message names in the asset and run again."


class UnauthorizedError(ConnectorError):
    """The vendor does not accept the credential."""

    kind = "unauthorized"
    default_remedy = "Create a new token for the service user and put it into the asset."


class ForbiddenError(ConnectorError):
    """The credential is good but lacks a permission, or its scope does not reach so far."""

    kind = "forbidden"
    default_remedy = "Give the role the permission that the message names, or widen its scope."


class NotFoundError(ConnectorError):
    """What the request names does not exist, or the credential cannot see it."""

    kind = "not_found"
    default_remedy = "Check the name or id, and that the credential's scope includes it."


class ConflictError(ConnectorError):
    """It exists already, or its present state does not allow the request."""

    kind = "conflict"
    default_remedy = "Look at what is there already; use it, or choose another name."


class ThrottledError(ConnectorError):
    """The vendor asks for fewer calls."""

    kind = "throttled"
    default_remedy = "Wait and run again; the connector continues where it stopped."


class UnavailableError(ConnectorError):
    """The vendor could not be reached, or answered something that is not an answer."""

    kind = "unavailable"
    default_remedy = "Check the URL, the proxy and the vendor's status page, then run again."


class AnswerLostError(UnavailableError):
    """The request left but no usable answer came back: the vendor may have done the work."""

    default_remedy = "Run get_task_status: it looks up what the vendor did before anything is sent."


class DeadlineError(ConnectorError):
    """A deadline passed before the answer was complete."""

    kind = "timeout"
    default_remedy = "Run again, or raise timeout_seconds or total_timeout_seconds in the asset."


class ApprovalError(ConnectorError):
    """Somebody must approve it in the vendor's console first."""

    kind = "approval"
    default_remedy = "Ask a reviewer to approve the pending execution, then look again."


class RefusedError(ConnectorError):
    """The connector refuses to send the request because it cannot work or is not safe."""

    kind = "refused"
    default_remedy = "Read the reason in the message; change what it names."


class LedgerError(ConnectorError):
    """The ledger cannot be read or written; nothing was sent."""

    kind = "ledger"
    default_remedy = "Check ledger_url, the folder's permissions and the disk's free space."


class PluginError(ConnectorError):
    """A plugin is broken, or two plugins offer the same name."""

    kind = "plugin"
    default_remedy = "Run 'cado-sentinelone plugins' and remove or repair the plugin it names."


class VendorError(UnavailableError):
    """The vendor's answer does not follow its own contract."""

    default_remedy = "Run again; if it stays, report the request id to the vendor."
