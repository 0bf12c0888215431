"""The only Qt code: windows, tray and hotkeys; ``jobs`` is its one door to the background."""
