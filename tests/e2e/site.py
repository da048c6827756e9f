"""Another site on this machine, whose pages hold ours: a widget, or a frame."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

WIDGET: Final = """<!doctype html><html lang="en"><title>A CRM</title><main><h1>Case 42</h1>
<script type="module" src="{base}/embed/journey-runner.js"></script>
<journey-runner token="{token}" base="{base}" language="en"></journey-runner>
<ol id="heard"></ol></main>
<script>
for (const type of ['step', 'outcome', 'error']) {{
  document.querySelector('journey-runner').addEventListener(type, (event) => {{
    const line = document.createElement('li');
    const {{node, outcome, code}} = event.detail;
    line.textContent = `${{type}} ${{node ?? outcome ?? code}}`;
    document.querySelector('#heard').append(line);
  }});
}}
</script></html>"""
FRAME: Final = """<!doctype html><html lang="en"><title>A CRM</title><main><h1>Case 42</h1>
<iframe title="Parcours" style="width: 100%; height: 600px; border: 0"></iframe>
<ol id="heard"></ol></main>
<script>
const frame = document.querySelector('iframe');
frame.src = '{base}/embed#' + new URLSearchParams({{t: '{token}', origin: location.origin}});
addEventListener('message', ({{source, origin, data}}) => {{
  if (source !== frame.contentWindow || origin !== '{base}' || data?.v !== 1) return;
  const line = document.createElement('li');
  line.textContent = `${{data.type}} ${{data.node ?? data.outcome ?? data.code ?? ''}}`;
  document.querySelector('#heard').append(line);
  if (data.type === 'ready') frame.contentWindow.postMessage(
    {{v: 1, type: 'context', id: '1', language: 'en'}}, '{base}');
}});
</script></html>"""


class Site:
    """Another site on this machine, that shows one page at whatever address."""

    def __init__(self) -> None:
        site = self
        self.page = ""

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = site.page.encode()
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                """Say nothing: what it serves is in the test."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.origin = f"http://127.0.0.1:{self.server.server_port}"
        self._thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Let the port go."""
        self.server.shutdown()
        self.server.server_close()
        self._thread.join()
