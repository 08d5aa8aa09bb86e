"""Small changes to the front end as it is served; the installed files stay untouched.

Every page gets our style sheet in its head, so that the first layout is measured with it. In the
scripts five things are replaced. The telemetry pixel has no switch in the built front end, and a
content security policy stops it only after the browser has tried. The period filter writes
"2026-08-03 ≤ col < 2026-11-02", where `col` means nothing to a reader. And a figure without a base
would read 0, with a change of 100 % against a period without one, where both are unknown. The axes
of a radar would carry the ids of metrics in place of their names. And on a phone a chart would keep
its share of twelve columns.

The texts are those of the release in requirements.lock; a test says when one is gone.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from flask import Response, request

STATIC_PATH = "/static/assets/"
STYLE_SHEET = Path(__file__).with_name("style.css")
OK = 200
# Where charts stand under one another, as in dashboards.css.
PHONE = "window.innerWidth<=700"
# What a figure shows where it, or the period before it, has no value.
UNKNOWN = "—"
BEFORE_FORMATTING = (
    "let row=F[0]||{},other=Object.keys(row).find(key=>key!==B),"
    "unknown=null==row[B],unknownBefore=!other||null==row[other],"
    "incomparable=unknown||unknownBefore||!J;incomparable&&(h=0);"
    f'return Z=unknown?"{UNKNOWN}":X(Z),J=unknownBefore?"{UNKNOWN}":X(J),{{'
)
REPLACEMENTS = {
    b"https://apachesuperset.gateway.scarf.sh/pixel/": b"data:,",
    b'(e,t="col"': '(e,t="…"'.encode(),
    b"return Z=X(Z),J=X(J),{": BEFORE_FORMATTING.encode(),
    b"a=r.meta.width||M.tK;return n.type===z.QP": (
        f"a=r.meta.width||M.tK;if({PHONE})return 12;return n.type===z.QP".encode()
    ),
    b"p=n.type===z.QP?n.meta.width||M.tK:r.meta.width||M.tK,m=": (
        f"p={PHONE}?12:n.type===z.QP?n.meta.width||M.tK:r.meta.width||M.tK,m=".encode()
    ),
    b"{data:p=[]}=l[0],m=(t=Object.keys(p[0]||{})": (
        b"{data:p=[]}=l[0],helpmartNames=(e.datasource||{}).verboseMap||{},"
        b"m=(t=Object.keys(p[0]||{})"
    ),
    b"return{name:e,max:(0,dE.A)(a)?a:n": b"return{name:helpmartNames[e]||e,max:(0,dE.A)(a)?a:n",
    b"percentDifferenceFormattedString:ee(h)": (
        f'percentDifferenceFormattedString:incomparable?"{UNKNOWN}":ee(h)'.encode()
    ),
}


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


@lru_cache(maxsize=1)
def _style() -> bytes:
    return b"<style>" + STYLE_SHEET.read_bytes() + b"</style></head>"


def add_style_sheet(response: Response) -> Response:
    """Put our style sheet at the end of a page's head."""
    if response.mimetype == "text/html" and response.status_code == OK:
        response.set_data(response.get_data().replace(b"</head>", _style(), 1))
    return response
