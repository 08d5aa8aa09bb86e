"""Small changes to the front end as it is served; the installed files stay untouched.

Every page gets our style sheet in its head, so that the first layout is measured with it. In the
scripts the texts of `replaced` give way to others.

The texts are those of the release in requirements.lock; a test says when one is gone.
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

from flask import Response, request

from helpmart_superset.replaced import CHINESE, REPLACEMENTS

STATIC_PATH = "/static/assets/"
CHINESE_WORDS_PATH = "/language_pack/zh/"
STYLE_SHEET = Path(__file__).with_name("style.css")
OK = 200


@lru_cache(maxsize=1)
def changed_scripts() -> dict[str, bytes]:
    """The scripts that hold one of the texts, changed, by file name."""
    import superset

    folder = Path(superset.__file__).parent / "static" / "assets"
    changed = {}
    for path in folder.glob("*.js"):
        original = path.read_bytes()
        content = original
        for old, new in REPLACEMENTS.items():
            content = content.replace(old, new)
        if content != original:
            changed[path.name] = content
    return changed


def serve_changed_script(response: Response) -> Response:
    """Put the changed script in place of the installed one."""
    if request.path.startswith(STATIC_PATH) and request.path.endswith(".js"):
        content = changed_scripts().get(request.path.removeprefix(STATIC_PATH))
        if content is not None and response.status_code == OK:
            response.direct_passthrough = False
            response.set_data(content)
    return response


def correct_chinese(response: Response) -> Response:
    """Words that Superset's own translation takes for others, such as records for errors."""
    if request.path.endswith(CHINESE_WORDS_PATH) and response.status_code == OK:
        response.direct_passthrough = False
        pack = json.loads(response.get_data())
        (words,) = pack["locale_data"].values()
        words |= {english: [chinese] for english, chinese in CHINESE.items()}
        response.set_data(json.dumps(pack, ensure_ascii=False))
    return response


@lru_cache(maxsize=1)
def _style() -> bytes:
    return b"<style>" + STYLE_SHEET.read_bytes() + b"</style></head>"


def add_style_sheet(response: Response) -> Response:
    """Put our style sheet at the end of a page's head."""
    if response.mimetype == "text/html" and response.status_code == OK:
        response.set_data(response.get_data().replace(b"</head>", _style(), 1))
    return response
