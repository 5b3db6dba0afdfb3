"""Has the SDK's own loader of classic apps read a manifest; prints what it read, or why it refused."""

import json
import sys
from pathlib import Path

from soar_sdk.cli.manifests.deserializers import AppMetaDeserializer

try:
    meta = AppMetaDeserializer.from_app_json(Path(sys.argv[1])).app_meta
except Exception as error:  # noqa: BLE001 - whatever it refuses with
    print(json.dumps({"refused": f"{type(error).__name__}: {error}"}))
else:
    read = {"name": meta.name, "version": meta.app_version, "actions": len(meta.actions)}
    print(json.dumps(read | {"configuration": len(meta.configuration)}))
