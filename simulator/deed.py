"""Events as plain data: what a journal's entry says of one, and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulator.session import SURE, Chose, Consulted, Decided, Event, Ranked, Read, Selected, Wrote

_ABOUT = ("response", "document", "options", "order")


def body_of(event: Event) -> tuple[dict[str, object], str | None]:
    """Return what an entry says of an event, and the text that goes with it."""
    sure = {"confidence": event.confidence} if isinstance(event, Decided) and event.confidence else {}
    match event:
        case Chose(scene, response):
            return {"event": "chose", "scene": scene, "response": response, **sure}, None
        case Selected(scene, options):
            return {"event": "selected", "scene": scene, "options": list(options), **sure}, None
        case Ranked(scene, order):
            return {"event": "ranked", "scene": scene, "order": list(order), **sure}, None
        case Read(scene, document):
            return {"event": "read", "scene": scene, "document": document}, None
        case Consulted(scene):
            return {"event": "consulted", "scene": scene}, None
        case Wrote(scene, text):
            return {"event": "wrote", "scene": scene}, text


def event_of(body: Mapping[str, Any], text: str | None = None) -> Event | None:
    """Return the event that an entry says; None if it says none."""
    kind, scene, sure = body.get("event"), body.get("scene"), body.get("confidence", 0)
    event: Event | None = None
    match kind, scene, {key: body[key] for key in _ABOUT if key in body}:
        case "chose", str(scene), {"response": str(response), **rest} if not rest:
            event = Chose(scene, response, sure)
        case "selected", str(scene), {"options": (list() | tuple()) as options, **rest} if not rest:
            event = Selected(scene, tuple(options), sure) if _are_names(options) else None
        case "ranked", str(scene), {"order": (list() | tuple()) as order, **rest} if not rest:
            event = Ranked(scene, tuple(order), sure) if _are_names(order) else None
        case "read", str(scene), {"document": str(document), **rest} if not rest:
            event = Read(scene, document)
        case "consulted", str(scene), {**rest} if not rest:
            event = Consulted(scene)
        case "wrote", str(scene), {**rest} if not rest:
            event = Wrote(scene, text)
    if "confidence" in body and not (isinstance(event, Decided) and type(sure) is int and sure in SURE):
        return None
    return event


def _are_names(values: list[Any] | tuple[Any, ...]) -> bool:
    return all(isinstance(each, str) for each in values)
