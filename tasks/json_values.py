"""Types for JSON: a value, an object, and a schema."""

from typing import Any

from pydantic import JsonValue

Json = JsonValue  # what json.loads returns
JsonObject = dict[str, JsonValue]
JsonSchema = dict[str, Any]  # JSON Schema, https://json-schema.org; nested further than is typed
