"""Who the key is, and the keys themselves (Cado contract 1)."""

from cado_sentinelone.sandbox.cado.asked import Body, Nothing, PageQuery
from cado_sentinelone.sandbox.cado.operation import Answer, Call, Operation
from cado_sentinelone.sandbox.cado.paging import numbered
from cado_sentinelone.sandbox.cado.records import Key
from cado_sentinelone.sandbox.cado.refusal import invalid, not_found
from cado_sentinelone.sandbox.cado.roles import PERMISSIONS, ROLES, allows


class KeysQuery(PageQuery):
    """Which keys to list."""

    key_name: str = ""


class NewKey(Body):
    """A key to make."""

    key_name: str = ""
    key_role: str


class KeyId(Body):
    """The key to revoke."""

    id: int


def whoami(call: Call, _: Nothing) -> Answer:
    """The key's owner and what the key may do; a permission that is left out is not held."""
    return {
        "data": {
            "username": call.user.username,
            "id": call.user.user_id,
            "display_name": call.user.display_name,
            "changed_password": True,
            "eula_agreed": True,
            "rbac_role": call.role,
            "permissions": {name: allows(call.role, name) for name in PERMISSIONS},
        }
    }


def list_keys(call: Call, query: KeysQuery) -> Answer:
    """The keys that are not revoked, without their secrets."""
    wanted = query.key_name.casefold()
    keys = [key for key in call.state.keys if wanted in key.name.casefold()]
    return numbered(keys, query, _shown)


def create_key(call: Call, body: NewKey) -> Answer:
    """A key that does not expire; the one time that its secret is shown."""
    if body.key_role not in ROLES.values():
        raise invalid(f"key_role: {body.key_role!r} is not a role")
    key = call.state.add_key(body.key_name, body.key_role)
    return {
        "data": {
            "id": key.key_id,
            "public_key": key.public_key,
            "secret_key": key.secret,
            "key_name": key.name,
            "key_role": key.role,
        }
    }


def revoke_key(call: Call, body: KeyId) -> Answer:
    """The key opens nothing any more."""
    for key in call.state.keys:
        if key.key_id == body.id:
            call.state.keys.remove(key)
            return {}
    raise not_found("key", body.id)


def _shown(key: Key) -> dict[str, object]:
    shown: dict[str, object] = {
        "id": key.key_id,
        "user_id": key.user.user_id,
        "public_key": key.public_key,
        "key_name": key.name,
        "key_role": key.role,
    }
    if key.last_used_at is not None:
        shown["last_used_timestamp"] = key.last_used_at * 1000
    return shown


OPERATIONS = (
    Operation("GET", "/auth/whoami", "Who is signed in", "auth_read", Nothing, whoami),
    Operation("GET", "/auth/keys", "List all keys", "api_keys_read", KeysQuery, list_keys),
    Operation(
        "POST", "/auth/keys", "Create a key", "api_keys_create", NewKey, create_key, event="Create"
    ),
    Operation(
        "DELETE", "/auth/keys", "Revoke a key", "api_keys_revoke", KeyId, revoke_key, event="Delete"
    ),
)
