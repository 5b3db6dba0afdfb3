"""The console itself (contract 4)."""

from starlette.responses import Response

from cado_sentinelone.sandbox.sentinelone.call import Call, answer


def get_status(_: Call) -> Response:
    """That it is up."""
    return answer({"health": "ok"})


def get_system(_: Call) -> Response:
    """Its version."""
    return answer(
        {
            "build": "57",
            "latestAgentVersion": "24.1.4.257",
            "patch": "2",
            "release": "Sandbox",
            "version": "S-24.1.2",
        }
    )


def get_configuration(_: Call) -> Response:
    """Its settings; no collector may read them, so they are no health check."""
    return answer(
        {
            "region": "sandbox",
            "twoFa": {"required": False},
            "licenses": {"modules": [{"name": "rso"}, {"name": "star"}]},
        }
    )
