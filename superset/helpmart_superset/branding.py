"""Name, colours, logo, fonts, and numbers and dates as each language writes them."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

NAME = "helpmart"
FOLDER = Path(__file__).parent

# Distinguishable with the common colour-vision deficiencies, and readable on white.
PALETTE = [
    "#1f5eff",
    "#f28c28",
    "#12a594",
    "#d6336c",
    "#7c5cff",
    "#8a94a6",
    "#2b8a3e",
    "#b08900",
]
PRIMARY, SUCCESS, WARNING, ERROR = "#1f5eff", "#12a594", "#f2a516", "#d92d44"

# One hue from light to dark: more is darker, as a reader expects of counts.
HEAT = ["#f2f6ff", "#c9dbff", "#8fb3ff", "#4f86ff", "#1f5eff", "#123a99"]

# The same hues, light enough for names on them.
TINTS = [
    "#a3c1ff",
    "#f9c899",
    "#8ed6cd",
    "#eea3bf",
    "#c3b3ff",
    "#c9ced8",
    "#a1cda9",
    "#dccb85",
]
# A bar, and marks that stand out from it: target, baseline, benchmark.
MARKS = [PRIMARY, "#1b2540", "#8a94a6", "#f2a516"]
# Days behind lines: light, and none of them a line's colour.
SHADES = ["#fde8c8", "#e6e0fb", "#d9efe9", "#f7dbe5", "#e3e8ef"]
# Missed, near, met: the parts of a gauge.
LEVELS = [ERROR, WARNING, SUCCESS]

COLOUR_SCHEMES = [
    {"id": NAME, "label": NAME, "description": "", "isDefault": True, "colors": PALETTE},
    *(
        {
            "id": f"{NAME}_{name}",
            "label": f"{NAME} {name}",
            "description": "",
            "isDefault": False,
            "colors": colours,
        }
        for name, colours in (
            ("levels", LEVELS),
            ("tints", TINTS),
            ("marks", MARKS),
            ("shades", SHADES),
        )
    ),
]
HEAT_SCHEMES = [
    {
        "id": f"{NAME}_heat",
        "label": f"{NAME} heat",
        "description": "",
        "isDiverging": False,
        "isDefault": True,
        "colors": HEAT,
    }
]

D3_FORMAT = {"decimal": ".", "thousands": ",", "grouping": [3], "currency": ["¥", ""]}
_WEEKDAYS_ZH = ["星期日", "星期一", "星期二", "星期三", "星期四", "星期五", "星期六"]
_MONTHS_ZH = [f"{number}月" for number in range(1, 13)]
D3_TIME_FORMAT_ZH = {
    "dateTime": "%Y年%-m月%-d日 %X",
    "date": "%Y/%-m/%-d",
    "time": "%H:%M:%S",
    "periods": ["上午", "下午"],
    "days": _WEEKDAYS_ZH,
    "shortDays": [day.replace("星期", "周") for day in _WEEKDAYS_ZH],
    "months": _MONTHS_ZH,
    "shortMonths": _MONTHS_ZH,
}


def data_uri(name: str) -> str:
    """An SVG of this folder as a URI, so that nothing has to be copied into the wheel."""
    encoded = base64.b64encode((FOLDER / name).read_bytes()).decode()
    return f"data:image/svg+xml;base64,{encoded}"


def theme(default: dict[str, Any]) -> dict[str, Any]:
    """Superset's theme with our tokens over it."""
    token = default["token"] | {
        "brandAppName": NAME,
        "brandLogoAlt": NAME,
        "brandLogoUrl": data_uri("logo.svg"),
        "brandLogoHref": "/",
        "brandLogoHeight": "28px",
        "brandLogoMargin": "11px 0",
        "brandIconMaxWidth": 140,
        "brandSpinnerUrl": data_uri("icon.svg"),
        "colorPrimary": PRIMARY,
        "colorLink": PRIMARY,
        "colorSuccess": SUCCESS,
        "colorWarning": WARNING,
        "colorError": ERROR,
        "colorInfo": PRIMARY,
        "borderRadius": 6,
        "fontFamily": "Inter, 'Helvetica Neue', Arial, 'Noto Sans CJK SC', 'Noto Sans SC', "
        "'PingFang SC', 'Microsoft YaHei', sans-serif",
        "fontUrls": [],
    }
    return default | {"token": token}


def bootstrap_overrides(data: dict[str, Any]) -> dict[str, Any]:
    """COMMON_BOOTSTRAP_OVERRIDES_FUNC: dates in Chinese when the page is."""
    return {"d3_time_format": D3_TIME_FORMAT_ZH} if data.get("locale") == "zh" else {}
