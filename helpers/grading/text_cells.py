"""Turn text cells into HTML for the Formgrader and for feedback, where a script would run with its reader's rights.

nbconvert trusts the author of a notebook. Here one part is the instructor's, restored before grading, and may be
anything; the rest is students' and is shown without HTML of its own, scripts behind links, and what acts in formulas.
"""

import re
from typing import Any

from jinja2 import pass_context
from jinja2.runtime import Context
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

# What MathJax makes links, styles and new commands of.
_ACTING = re.compile(r"\\(?=(?:href|style|class|cssId|data|unicode|require|mmlToken|bbox|def|let|(?:re)?newcommand)\b)")


@pass_context
def markdown2html(context: Context, source: str) -> str:
    """Stand in for nbconvert's filter of this name.

    Args:
        context: Of the template; names the cell.
        source: The cell's Markdown.
    """
    cell = context.get("cell", {})
    about = {"attachments": cell.get("attachments", {}), "anchor_link_text": ""}
    theirs = not cell.get("metadata", {}).get("nbgrader", {}).get("locked", False)
    renderer = _StudentsRenderer(**about) if theirs else IPythonRenderer(escape=False, **about)
    return str(MarkdownWithMath(renderer=renderer).render(source))


class _StudentsRenderer(IPythonRenderer):
    """Shows text, and nothing that acts."""

    def __init__(self, **about: Any) -> None:
        super().__init__(escape=True, allow_harmful_protocols=False, **about)

    def escape_html(self, text: str) -> str:
        """Escape the inside of a formula."""
        return super().escape_html(_ACTING.sub("", text))

    def block_mermaidjs(self, code: str) -> str:
        """Show a diagram's code, which nbconvert would not escape."""
        return str(self.block_code(code))

    def _embed_image_or_attachment(self, src: str) -> str:
        """Leave an attachment out that is missing: nbconvert would give the whole notebook up."""
        name = src.removeprefix("attachment:")
        return super()._embed_image_or_attachment(src) if name == src or name in self.attachments else ""
