import json
from pathlib import Path

import pytest

from nghitruong.ui import assets


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A built front end of our own: the tests need no Node."""
    manifest = {
        "ui/islands/app.ts": {
            "file": "app-1.js",
            "name": "app",
            "isEntry": True,
            "imports": ["_chunk"],
        },
        "_chunk": {"file": "chunk-3.js", "name": "lib"},
        "ui/css/app.scss": {
            "file": "style-2.css",
            "name": "style",
            "isEntry": True,
            "assets": ["f-400-a.woff2", "f-600-a.woff2"],
        },
    }
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    monkeypatch.setattr(assets, "DIST", tmp_path)
    return tmp_path
