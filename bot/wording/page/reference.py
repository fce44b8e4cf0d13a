"""The documentation of the REST routes for people, made from the OpenAPI document for programs.

Static, because nothing but the page's own style may be fetched or run; a route can be tried by its
link.  Every text comes from the document, so that both say the same.
"""

import json
import re
from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

from bot.wording.page.shell import Frame, shell

Schema = Mapping[str, Any]

TRY = "Experimente"
_CODE = re.compile(r"`([^`]+)`")
_KINDS = {
    "string": "texto",
    "number": "número",
    "integer": "inteiro",
    "boolean": "verdadeiro ou falso",
    "array": "lista",
    "object": "objeto",
    "null": "nulo",
    "date": "dia",
    "date-time": "dia e hora",
}


def reference(openapi: Schema, frame: Frame) -> str:
    """A page about every route of the document."""
    about = openapi["info"]
    shapes = openapi.get("components", {}).get("schemas", {})
    routes = "".join(
        _route(method, path, told, shapes)
        for path, methods in openapi["paths"].items()
        for method, told in methods.items()
    )
    main = (
        f'<section class="about"><h1>API</h1><p>{_prose(about["summary"])}</p>'
        f"{_paragraphs(about['description'])}"
        '<p><a href="/openapi.json">openapi.json</a></p></section>'
        f'<div class="routes">{routes}</div>'
    )
    return shell("API · Fechamento", main, frame)


def _route(method: str, path: str, told: Schema, shapes: Schema) -> str:
    shape = _resolved(_answer(told), shapes)
    example = json.dumps(_example(shape, shapes), ensure_ascii=False, indent=2)
    return (
        f'<section class="route"><h2><code>{method.upper()} {escape(path)}</code></h2>'
        f"<p><b>{_prose(told['summary'])}</b></p>{_paragraphs(told['description'])}"
        f"{_parameters(told.get('parameters', ()))}"
        f'<p><a href="{escape(path)}">{TRY}</a></p>'
        f"<details><summary>Exemplo</summary><pre>{escape(example)}</pre></details>"
        f"<details><summary>Campos</summary>{_fields(shape, shapes)}</details>"
        f"<details><summary>Respostas</summary>{_statuses(told['responses'])}</details></section>"
    )


def _answer(told: Schema) -> Schema:
    answer: Schema = told["responses"]["200"]["content"]["application/json"]["schema"]
    return answer


def _parameters(parameters: Iterable[Schema]) -> str:
    rows = [
        f"<dt><code>{escape(one['name'])}</code></dt><dd>{_prose(one['description'])}</dd>"
        for one in parameters
    ]
    return f"<dl>{''.join(rows)}</dl>" if rows else ""


def _fields(shape: Schema, shapes: Schema) -> str:
    """The keys of an answer, those inside it indented."""
    rows = []
    for name, field in shape.get("properties", {}).items():
        inner = _resolved(_item(field), shapes)
        below = _fields(inner, shapes) if "properties" in inner else ""
        rows.append(
            f"<dt><code>{escape(name)}</code> <span>{_kind(field, shapes)}</span></dt>"
            f"<dd>{_prose(field.get('description', ''))}{below}</dd>"
        )
    return f"<dl>{''.join(rows)}</dl>"


def _statuses(responses: Mapping[str, Schema]) -> str:
    rows = (
        f"<dt><code>{escape(status)}</code></dt><dd>{_prose(told['description'])}</dd>"
        for status, told in sorted(responses.items())
    )
    return f"<dl>{''.join(rows)}</dl>"


def _resolved(schema: Schema, shapes: Schema) -> Schema:
    """The shape behind a reference, or behind the one choice that is not null."""
    if "$ref" in schema:
        found: Schema = shapes[schema["$ref"].rpartition("/")[2]]
        return found
    choices = [one for one in schema.get("anyOf", ()) if one.get("type") != "null"]
    return _resolved(choices[0], shapes) if choices else schema


def _item(schema: Schema) -> Schema:
    item: Schema = schema.get("items", schema)
    return item


def _kind(schema: Schema, shapes: Schema) -> str:
    found = _resolved(schema, shapes)
    kind = _KINDS[found.get("format") or found.get("type", "object")]
    null = any(one.get("type") == "null" for one in schema.get("anyOf", ()))
    return f"{kind} ou nulo" if null else kind


def _example(schema: Schema, shapes: Schema) -> Any:
    if schema.get("examples"):
        return schema["examples"][0]
    shape = _resolved(schema, shapes)
    if "properties" in shape:
        return {name: _example(field, shapes) for name, field in shape["properties"].items()}
    if "items" in shape:
        return [_example(shape["items"], shapes)]
    return (shape.get("examples") or [None])[0]


def _paragraphs(text: str) -> str:
    return "".join(f"<p>{_prose(each)}</p>" for each in text.split("\n\n"))


def _prose(text: str) -> str:
    """Text with its code marked."""
    return _CODE.sub(r"<code>\1</code>", escape(text, quote=False))
