"""Events as plain data: what a journal's entry says of one, and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeGuard

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
    # What stands in an entry is looked at with the cheapest question first: an index asks it of millions.
    about = [key for key in _ABOUT if key in body]
    what = body[about[0]] if len(about) == 1 else None
    event: Event | None = None
    if not isinstance(scene, str):
        return None
    match kind, about:
        case "chose", ["response"]:
            event = Chose(scene, what, sure) if isinstance(what, str) else None
        case "read", ["document"]:
            event = Read(scene, what) if isinstance(what, str) else None
        case "selected", ["options"]:
            event = Selected(scene, tuple(what), sure) if _are_names(what) else None
        case "ranked", ["order"]:
            event = Ranked(scene, tuple(what), sure) if _are_names(what) else None
        case "consulted", []:
            event = Consulted(scene)
        case "wrote", []:
            event = Wrote(scene, text)
    if "confidence" in body and not (isinstance(event, Decided) and type(sure) is int and sure in SURE):
        return None
    return event


def _are_names(values: object) -> TypeGuard[list[str] | tuple[str, ...]]:
    return isinstance(values, list | tuple) and all(isinstance(each, str) for each in values)
