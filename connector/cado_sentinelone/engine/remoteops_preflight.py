"""Refusing early what cannot work: checks before our own script goes to an endpoint."""

from __future__ import annotations

from cado_sentinelone.clients.sentinelone_agent_rows import OFFLINE
from cado_sentinelone.engine.desk import Desk
from cado_sentinelone.engine.patterns import COMMON_PARTS, PATTERNS
from cado_sentinelone.engine.preflight import check_endpoint
from cado_sentinelone.errors import ConnectorError, RefusedError
from cado_sentinelone.models.endpoint import Endpoint, EndpointDetail

# The task's result is a log of some kilobytes; the evidence itself goes to Cado's bucket.
_RESULT_BYTES = 64 * 1024


def is_only_offline(endpoint: Endpoint) -> bool:
    """Whether nothing but its absence keeps a script from the endpoint: then it is waited for."""
    return endpoint.not_collectable_reason == OFFLINE and not endpoint.network_isolated


def check_endpoint_for_script(endpoint: Endpoint, desk: Desk) -> None:
    """Warns of what may stop the script. Raises RefusedError with the reason when something will;
    an endpoint that is only offline passes.
    """
    if not is_only_offline(endpoint):
        check_endpoint(endpoint)
    if isinstance(endpoint, EndpointDetail):
        _check_abilities(endpoint)
    if endpoint.os not in ("windows", "linux"):
        raise RefusedError(
            f"{endpoint.hostname} cannot be collected: its operating system is "
            f"{endpoint.os or 'not known'}",
            remedy="Choose a Windows or Linux endpoint.",
        )
    for warn in (_warn_of_exclusions, _warn_of_limits):
        try:
            warn(endpoint, desk)
        except ConnectorError as error:
            if error.kind not in ("unauthorized", "forbidden", "not_found"):
                raise
            desk.run.warn(f"not checked before the launch: {error.message}")


def _check_abilities(endpoint: EndpointDetail) -> None:
    """What an online endpoint's `collectable` holds already; one that is offline is asked too."""
    if endpoint.rso_level == "none":
        reason = "its agent does not support remote scripts (rsoLevel none)"
    elif endpoint.site_rso_module is False:
        reason = f"site {endpoint.site_name} does not have the RemoteOps module (rso)"
    else:
        return
    raise RefusedError(
        f"{endpoint.hostname} cannot be collected: {reason}",
        remedy="Change what the reason names, or choose another endpoint.",
    )


def _warn_of_exclusions(endpoint: Endpoint, desk: Desk) -> None:
    wanted = {pattern.value for pattern in PATTERNS if pattern.os == endpoint.os}
    for exclusion in desk.sentinelone.exclusions_in_scope(COMMON_PARTS):
        scope = exclusion.scope
        covers = (
            scope.tenant
            or endpoint.account_id in scope.account_ids
            or endpoint.site_id in scope.site_ids
        )
        if covers and exclusion.os_type == endpoint.os:
            wanted.discard(exclusion.value)
    if wanted:
        desk.run.warn(
            f"no exclusion of the tenant, the account or the site covers {', '.join(sorted(wanted))}"
            f" for {endpoint.hostname}: its agent may stop the collection; run add_exclusions"
        )


def _warn_of_limits(endpoint: Endpoint, desk: Desk) -> None:
    if not endpoint.site_id:
        return
    policy = desk.sentinelone.site_policy(endpoint.site_id)
    if policy.max_file_size_bytes is not None and policy.max_file_size_bytes < _RESULT_BYTES:
        desk.run.warn(
            f"the policy of site {endpoint.site_name} lets results of at most "
            f"{policy.max_file_size_bytes} bytes through (maxFileSize): the script's own report "
            "may not arrive"
        )
    if policy.max_daily_upload_megabytes == 0:
        desk.run.warn(
            f"the policy of site {endpoint.site_name} lets no results through (maxDailyFileUpload "
            "is 0): the script's own report will not arrive"
        )
