"""One journey as a page of its own, stepped in a browser with no network."""

from passerella.export.page.html import page

__all__ = ["page"]
