"""Who may do what with a key (Cado contract 0.3 and appendix A)."""

ROLES = {
    "A": "Administrator",
    "P": "Platform Administrator",
    "L": "Lead Analyst",
    "N": "Analyst",
    "R": "Read Only Analyst",
    "D": "Darktrace",
}
"""Every role by its letter; the last is a role that no operation lets in."""

PERMISSIONS = {
    "auth_read": "APLNR",
    "api_keys_read": "AP",
    "api_keys_create": "AP",
    "api_keys_revoke": "AP",
    "platform_status_read": "APLNR",
    "system_read": "APLNR",
    "system_write": "AP",
    "license_read": "APLNR",
    "cloud_accounts_read": "APLN",
    "cloud_accounts_write": "AP",
    "import_data_triage": "ALN",
    "import_data_full": "ALN",
    "projects_read": "ALNR",
    "projects_create": "AL",
    "projects_update": "AL",
    "projects_delete": "AL",
    "projects_write": "ALN",
    "download_evidence": "ALN",
    "pipelines_read": "ALNR",
    "pipelines_abort": "ALN",
    "pipelines_abort_all": "AP",
    "pipelines_logs": "ALN",
    "pipelines_rerun": "ALN",
    "alarms_read": "ALNR",
    "timeline_read": "ALNR",
    "notifications_read": "APLNR",
    "notifications_update": "APLN",
    "webhook_read": "AP",
    "webhook_write": "AP",
    "audit_log_read": "AP",
}
"""The roles that hold each permission. Which permission guards which route is unpublished
(contract 1): the roles of every operation are the contract's, the names put on them a choice."""


def role_named(text: str) -> str:
    """The role as the platform spells it, also for `lead-analyst`; an unknown one as it stands."""
    wanted = text.replace("-", " ").replace("_", " ").casefold()
    return next((role for role in ROLES.values() if role.casefold() == wanted), text)


def allows(role: str, permission: str) -> bool:
    """Whether the role holds the permission."""
    return role in (ROLES[letter] for letter in PERMISSIONS[permission])
