"""The one page that is served, and the headers that keep it to itself."""

from __future__ import annotations

from typing import Final

HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; "
        "style-src 'self' 'unsafe-inline'; font-src 'self'; img-src 'self' data:; "
        "connect-src 'self' ws://{host}; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
"""Nothing is loaded from elsewhere, and no other page may frame it or learn its
address. The script of the page sets styles in place."""

_PAGE: Final = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>repoview</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="static/css/xterm.css">
<style>
@font-face {{
  font-family: "Roboto Mono";
  src: url("static/fonts/RobotoMono-VariableFont_wght.ttf");
}}
html, body {{ margin: 0; height: 100%; background: #101418; overflow: hidden; }}
#terminal {{ width: 100vw; height: 100vh; }}
#over {{
  display: none; position: absolute; inset: 0; color: #ddd; background: #101418;
  font: 16px "Roboto Mono", monospace; padding: 2em;
}}
#over a {{ color: #8cf; }}
body.-closed #over {{ display: block; }}
</style>
<script src="focus.js"></script>
<script src="static/js/textual.js"></script>
</head>
<body>
<div id="terminal" class="textual-terminal" data-font-size="16"
  data-session-websocket-url="ws://{host}{folder}ws"></div>
<div id="over">The program has ended. <a href="./">Begin again</a></div>
</body>
</html>
"""

FOCUS: Final = """\
new MutationObserver((_, seen) => {
  const line = document.querySelector(".xterm-helper-textarea");
  if (line) {
    seen.disconnect();
    line.focus();
  }
}).observe(document.documentElement, {childList: true, subtree: true});
"""
"""Gives the terminal the keys as soon as there is one, without a click."""


def page_of(host: str, folder: str) -> str:
    """Return the page.

    Args:
        host: The name and port that the server was asked by; it was checked.
        folder: The path that all addresses begin with.
    """
    return _PAGE.format(host=host, folder=folder)


def headers_for(host: str) -> dict[str, str]:
    """Return the headers of every answer to a host that was checked."""
    return {name: value.format(host=host) for name, value in HEADERS.items()}
