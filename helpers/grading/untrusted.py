"""What came out of the sandbox, made into text, pictures and outputs that can do no harm to whoever looks at them."""

from base64 import b64encode
from html import escape
from typing import Any

from helpers.grading.inside.cells import MOST_OUTPUTS, Output

ROOM = 200_000
"""Characters that one cell may print."""

_KINDS = ("stream", "execute_result", "display_data", "error")


def cleaned(outputs: Any) -> list[Output]:
    """Return what the sandbox says a cell showed, as valid notebook outputs of harmless kinds."""
    shown: list[Output] = []
    for output in outputs[:MOST_OUTPUTS] if isinstance(outputs, list) else ():
        kind = output.get("output_type") if isinstance(output, dict) else None
        if kind not in _KINDS:
            continue
        if kind == "stream":
            name = "stderr" if output.get("name") == "stderr" else "stdout"
            shown.append({"output_type": kind, "name": name, "text": text(output.get("text"), ROOM)})
        elif kind == "error":
            lines = output.get("traceback")
            lines = [text(line) for line in lines[:50]] if isinstance(lines, list) else []
            about = {"ename": text(output.get("ename")), "evalue": text(output.get("evalue")), "traceback": lines}
            shown.append({"output_type": kind, **about})
        else:
            count = {"execution_count": None} if kind == "execute_result" else {}
            shown.append({"output_type": kind, "data": _pictures(output.get("data")), "metadata": {}, **count})
    return shown


def drawing(picture: Any) -> dict[str, str]:
    """Return a check's picture as an image with its description: browsers run no scripts in images."""
    if not isinstance(picture, dict):
        return {}
    drawn, description = text(picture.get("image/svg+xml"), 2_000_000), text(picture.get("text/plain"))
    if not drawn:
        return {}
    source = f"data:image/svg+xml;base64,{b64encode(drawn.encode()).decode()}"
    html = f'<img alt="{escape(description)}" style="max-width: 100%" src="{source}">'
    return {"text/html": html, "text/plain": description}


def _pictures(bundle: Any) -> dict[str, str]:
    if not isinstance(bundle, dict):
        return {}
    allowed = ("text/plain", "image/png", "image/jpeg")
    return {kind: text(bundle[kind], 2_000_000) for kind in allowed if isinstance(bundle.get(kind), str)}


def text(value: Any, limit: int = 4000) -> str:
    """Return what came out of the sandbox as text of limited length that a file can hold."""
    return value[:limit].encode(errors="replace").decode() if isinstance(value, str) else ""
