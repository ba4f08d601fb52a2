"""Caseload's own themes: a calm dark one, a light one, and one of high contrast."""

from __future__ import annotations

from textual.theme import Theme

DEFAULT = "caseload"

THEMES = (
    Theme(
        name=DEFAULT,
        primary="#7fb7be",
        secondary="#c9a66b",
        accent="#e0b15c",
        warning="#e0b15c",
        error="#e57373",
        success="#8fc58f",
        foreground="#e6e2da",
        background="#16191d",
        surface="#1d2126",
        panel="#272c33",
        dark=True,
        variables={"input-selection-background": "#7fb7be 35%", "footer-key-foreground": "#e0b15c"},
    ),
    Theme(
        name="caseload-light",
        primary="#1f6f78",
        secondary="#8a5a12",
        accent="#8a5a12",
        warning="#8a5a12",
        error="#a3262a",
        success="#256029",
        foreground="#22262a",
        background="#f6f3ec",
        surface="#fffdf8",
        panel="#e8e3d8",
        dark=False,
        variables={"footer-key-foreground": "#8a5a12"},
    ),
    Theme(
        name="caseload-contrast",
        primary="#ffff00",
        secondary="#00ffff",
        accent="#ffff00",
        warning="#ffff00",
        error="#ff8080",
        success="#80ff80",
        foreground="#ffffff",
        background="#000000",
        surface="#000000",
        panel="#000000",
        boost="#000000",
        dark=True,
        text_alpha=1.0,
        variables={
            "border": "#ffffff",
            "border-blurred": "#ffffff",
            "block-cursor-foreground": "#000000",
            "block-cursor-background": "#ffff00",
            "footer-key-foreground": "#ffff00",
            "scrollbar": "#ffffff",
            "scrollbar-background": "#000000",
            "text-muted": "#ffffff",
            "foreground-muted": "#ffffff",
        },
    ),
)
