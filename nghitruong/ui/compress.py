"""Pages travel gzipped: a hall screen with its first state is 40 kB of text, 9 kB compressed.

Only whole texts: files of papers are streamed with ranges and must stay as they are. Secrets in
pages are safe from guessing by length: Django masks its CSRF token anew in every answer and its
gzip adds random bytes.
"""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

TEXTS = ("text/html", "application/json")


class TextCompression(GZipMiddleware):
    """Django's gzip, for pages and JSON answers only."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Compress a text that is whole."""
        if response.streaming or not response.get("Content-Type", "").startswith(TEXTS):
            return response
        return super().process_response(request, response)
