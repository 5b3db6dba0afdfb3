"""The platform itself: liveness, licence, health check (Cado contract 1)."""

from cado_sentinelone.sandbox.cado.asked import EmptyBody, Nothing
from cado_sentinelone.sandbox.cado.launch import check_platform
from cado_sentinelone.sandbox.cado.operation import Answer, Call, Operation

PLATFORM_VERSION = "2.324.0"
MACHINE_IMAGE = "ami-0a1b2c3d4e5f60718"


def system_status(_: Call, __: Nothing) -> Answer:
    """Whether the platform is up, in free text."""
    return {
        "data": {
            "status": "running",
            "status_message": "",
            "is_installing": False,
            "setup_complete": True,
        }
    }


def platform(call: Call, _: Nothing) -> Answer:
    """How the platform is deployed; its version is not here."""
    return {
        "data": {
            "instance_utilization": {
                "disk": {"total_space": 1000, "used_space": 212, "free_space": 788},
                "cpu_percent": 7.5,
                "memory": {"available": 51200.0, "total": 65536.0},
            },
            "deployment_details": {
                "cloud": "aws",
                "account_id": "111111111111",
                "supports_azure": True,
                "supports_aws": True,
                "govcloud": False,
                "image_id": MACHINE_IMAGE,
                "nfs_enabled": True,
                "local_workers": False,
                "secrets_manager": True,
                "saas": False,
            },
            "warnings": [],
            "latest_boot": call.state.world.started_at - 86_400,
            "external_id": "sandbox",
            "tenant_name": None,
            "is_labs": False,
        }
    }


def license_level(call: Call) -> str:
    """FULL, unless a fault says TRIAGE_ONLY or RESTRICTED."""
    return call.state.world.faults.value("license") or "FULL"


def license_details(call: Call, _: Nothing) -> Answer:
    """The licence that is installed."""
    return {
        "data": {
            "license": {
                "customer_id": "acme",
                "dev_license": False,
                "issue_date": "2026-01-01",
                "level": license_level(call),
                "expiry_date": "2036-01-01",
                "signature": "sandbox",
            }
        }
    }


def healthcheck(call: Call, _: EmptyBody) -> Answer:
    """A pipeline that looks at the platform and its accounts."""
    return {"data": {"pipeline_id": check_platform(call.state, call.user, call.now).pipeline_id}}


OPERATIONS = (
    Operation(
        "GET", "/system/status", "System status", "platform_status_read", Nothing, system_status
    ),
    Operation("GET", "/platform", "Platform", "system_read", Nothing, platform),
    Operation("GET", "/license", "License", "license_read", Nothing, license_details),
    Operation(
        "POST",
        "/system/healthcheck",
        "Trigger a health check",
        "system_write",
        EmptyBody,
        healthcheck,
        event="Create",
    ),
)
