"""Turn text cells into HTML for the Formgrader and for feedback, where a script would run with its reader's rights.

nbconvert trusts the author of a notebook. Here some cells are the instructor's: those that are locked were restored
before grading and may hold anything. All others may be students' and are shown without what acts: scripts, handlers,
links that are code, commands by which a formula makes such links.
"""

import re

from bleach.sanitizer import Cleaner
from bs4 import BeautifulSoup
from jinja2 import pass_context
from jinja2.runtime import Context
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

_TAGS = frozenset(
    """a abbr b blockquote br code dd del details div dl dt em h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q s
    samp small span strong sub summary sup table tbody td th thead tr u ul var""".split()  # noqa: SIM905
)
_ATTRIBUTES = {
    "a": ("href", "title"),
    "abbr": ("title",),
    "details": ("open",),
    "div": ("class",),  # of highlighted code
    "h1": ("id",),
    "h2": ("id",),
    "h3": ("id",),
    "img": ("alt", "height", "src", "title", "width"),
    "ol": ("start",),
    "pre": ("class",),
    "span": ("class",),
    "td": ("align", "colspan", "rowspan", "style"),
    "th": ("align", "colspan", "rowspan", "style"),
}
_PICTURE = re.compile(r"data:image/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=]*")
# What MathJax makes links, styles, pages and new commands of.
_ACTING = re.compile(
    r"\\(?=(?:href|style|class|cssId|data|unicode|require|mmlToken|bbox|def|let|(?:re)?newcommand|newenvironment)\b)"
)
_BROKEN = "\\\N{WORD JOINER}"  # looks the same, and is no command


@pass_context
def markdown2html(context: Context, source: str) -> str:
    """Stand in for nbconvert's filter of this name.

    Args:
        context: Of the template; names the cell.
        source: The cell's Markdown.
    """
    cell = context.get("cell", {})
    renderer = _Renderer(escape=False, attachments=cell.get("attachments", {}))
    html = str(MarkdownWithMath(renderer=renderer).render(source))
    locked = cell.get("metadata", {}).get("nbgrader", {}).get("locked", False)
    return html if locked else _without_what_acts(html)


class _Renderer(IPythonRenderer):
    def _embed_image_or_attachment(self, src: str) -> str:
        """Leave an attachment out that is missing: nbconvert would give the whole notebook up."""
        name = src.removeprefix("attachment:")
        return super()._embed_image_or_attachment(src) if name == src or name in self.attachments else ""


def _without_what_acts(html: str) -> str:
    cleaner = Cleaner(_TAGS, _may_stay, protocols=("http", "https", "mailto", "data"), strip=False)
    page = BeautifulSoup(cleaner.clean(html), "html.parser")
    for formula in page.find_all(string=_ACTING):
        formula.replace_with(_ACTING.sub(lambda _: _BROKEN, formula))
    return str(page)


def _may_stay(tag: str, name: str, value: str) -> bool:
    if name == "src" and value.strip().lower().startswith("data:"):
        return _PICTURE.fullmatch(value) is not None
    if name == "href" and value.strip().lower().startswith("data:"):
        return False
    return name in _ATTRIBUTES.get(tag, ())
