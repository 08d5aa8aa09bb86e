"""What is written otherwise in Superset's scripts, and why.

Each key is a text of the installed front end, each value what stands in its place.
"""

from __future__ import annotations

# Where charts stand under one another, as in dashboards.css.
PHONE = "window.innerWidth<=700"
# What a figure or cell shows where it, or the period before it, has no value.
UNKNOWN = "—"

# A figure without a base would read 0, with a change of 100 % against a period without one.
BEFORE_FORMATTING = (
    "let row=F[0]||{},other=Object.keys(row).find(key=>key!==B),"
    "unknown=null==row[B],unknownBefore=!other||null==row[other],"
    "incomparable=unknown||unknownBefore||!J;incomparable&&(h=0);"
    f'return Z=unknown?"{UNKNOWN}":X(Z),J=unknownBefore?"{UNKNOWN}":X(J),{{'
)
# Durations are written "7m 12s" in every language.
UNITS_ZH = '{y:"年",d:"天",h:"小时",m:"分",s:"秒",ms:"毫秒"}'
FIGURES = {
    "`${r}s`):n;o.push(i)": (
        "`${r}s`):/-zh\\/?$/.test(location.pathname)&&" + UNITS_ZH + "[n]||n;o.push(i)"
    ),
    "return Z=X(Z),J=X(J),{": BEFORE_FORMATTING,
    "percentDifferenceFormattedString:ee(h)": (
        f'percentDifferenceFormattedString:incomparable?"{UNKNOWN}":ee(h)'
    ),
    't=(0,i.t)("No data")': f't="{UNKNOWN}"',
    '?[!1,"N/A"]:u?': f'?[!1,"{UNKNOWN}"]:u?',
}

# On a phone a chart would keep its share of twelve columns.
WIDTHS = {
    "a=r.meta.width||M.tK;return n.type===z.QP": (
        f"a=r.meta.width||M.tK;if({PHONE})return 12;return n.type===z.QP"
    ),
    "p=n.type===z.QP?n.meta.width||M.tK:r.meta.width||M.tK,m=": (
        f"p={PHONE}?12:n.type===z.QP?n.meta.width||M.tK:r.meta.width||M.tK,m="
    ),
}

# The axes of a radar would carry the ids of metrics in place of their names.
RADARS = {
    "{data:p=[]}=l[0],m=(t=Object.keys(p[0]||{})": (
        "{data:p=[]}=l[0],helpmartNames=(e.datasource||{}).verboseMap||{},"
        "m=(t=Object.keys(p[0]||{})"
    ),
    "return{name:e,max:(0,dE.A)(a)?a:n": "return{name:helpmartNames[e]||e,max:(0,dE.A)(a)?a:n",
}

MOST_NAMES = 12


def _labels(kind: str, turn: str, rows: tuple[str, str], grain: tuple[str, str], width: str) -> str:
    """What an axis adds to its labels, as script.

    Weeks, months and quarters are named where they begin; the library would name the 1st, 8th and
    15th instead. A few names stand in lines below their bars; it would leave every second out.

    Args:
        kind: the axis's type.
        turn: whether its labels are turned, or the axis stands upright.
        rows: the rows, and the column of the axis in them.
        grain: the length of a period, and what writes it; a second time, unlike the axis's own.
        width: that of the chart in pixels.
    """
    begins = f'"time"==={kind}&&["P1W","P1M","P3M"].includes({grain[0]})'
    values = f"{rows[0]}.map(row=>row[{rows[1]}]).filter(each=>null!=each)"
    few = f'"category"==={kind}&&!({turn})&&{rows[0]}.length<={MOST_NAMES}'
    return (
        f"{begins}&&{{customValues:{values},formatter:{grain[1]}}},"
        f"{few}&&{{interval:0,hideOverlap:!1,overflow:'break',"
        f"width:Math.max(36,Math.floor(({width}-90)/Math.max(1,{rows[0]}.length))-8)}}),"
        f"axisTick:{begins}?{{customValues:{values}}}:{{}}"
    )


AXES = {
    # The steps of two axes would be made equal in number: 14.3 %, 28.6 %.
    "alignTicks:tB": "alignTicks:!1",
    "hideOverlap:e1!==tv.Gw.Time||0===ek,formatter:tF,rotate:ek,interval:eO},"
    'tI&&{showMaxLabel:!0,alignMaxLabel:"right"})': (
        "hideOverlap:e1!==tv.Gw.Time||0===ek,formatter:tF,rotate:ek,interval:eO},"
        'tI&&{showMaxLabel:!0,alignMaxLabel:"right"},'
        + _labels("e1", "eq||ek", ("eH", "eQ"), ("em", "tg"), "d")
    ),
    "hideOverlap:e4!==tv.Gw.Time||0===ek,formatter:tk,rotate:ek,interval:eO},"
    'tC&&{showMaxLabel:!0,alignMaxLabel:"right"})': (
        "hideOverlap:e4!==tv.Gw.Time||0===ek,formatter:tk,rotate:ek,interval:eO},"
        'tC&&{showMaxLabel:!0,alignMaxLabel:"right"},'
        + _labels("e4", "ek", ("eJ", "eZ"), ("eG", "tT"), "i")
    ),
    '"staggered"===v?{rotate:-45}:{show:!0}': (
        '"staggered"===v?{rotate:-45}:{show:!0,interval:0,overflow:"break",'
        "width:Math.max(36,Math.floor((r-90)/Math.max(1,u.length))-8)}"
    ),
}

# A member has one colour on all charts, too dark for names where it fills an area.
AREAS = {
    "z=ui(d,_.map(rj.A),F),B={color:i.colorText}": (
        'z=ui(d,_.map(rj.A),F),B={color:i.colorText,textBorderColor:"#fff",textBorderWidth:3}'
    )
}

# The figure of a step that reaches the end of the axis would stand on the name of another.
WATERFALLS = {
    'nameLocation:"middle",name:k,axisLabel:{formatter:R}})': (
        'nameLocation:"middle",name:k,boundaryGap:["12%","12%"],axisLabel:{formatter:R}})'
    )
}

# Two buttons that nobody asks for, where names could stand; and "boxplot" and "outlier" as names.
LEGENDS = {
    'selector:["all","inverse"]': "selector:!1",
    'axisPointer:{type:"shadow"}}),series:F,toolbox': (
        'axisPointer:{type:"shadow"}}),legend:{show:!1},series:F,toolbox'
    ),
}

OTHERS = {
    # The telemetry pixel has no switch; a content security policy stops it only after the try.
    "https://apachesuperset.gateway.scarf.sh/pixel/": "data:,",
    # The period filter writes "2026-08-03 ≤ col < 2026-11-02": `col` means nothing to a reader.
    '(e,t="col"': '(e,t="…"',
}

REPLACEMENTS = {
    old.encode(): new.encode()
    for old, new in (
        FIGURES | WIDTHS | RADARS | AXES | AREAS | WATERFALLS | LEGENDS | OTHERS
    ).items()
}

CHINESE = {
    "%s record": "%s 条记录",
    "entries per page": "条/页",
    "More filters": "更多筛选",
}
