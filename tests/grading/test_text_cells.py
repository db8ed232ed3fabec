"""What students write in text cells is shown in the Formgrader and in feedback, and does nothing there."""

import re

import pytest
from nbconvert.exporters import HTMLExporter
from nbformat.v4 import new_markdown_cell, new_notebook, new_raw_cell
from traitlets.config import Config

from helpers.grading.text_cells import markdown2html

DANGEROUS = {
    "script": "before <script>act()</script> after",
    "script in a block": "<script>\nact()\n</script>",
    "handler": '<img src=x onerror="act()">',
    "link": "[read me](javascript:act())",
    "link in disguise": "[read me](javascript&#58;act())",
    "link in capitals": "[read me](JaVaScRiPt:act())",
    "link by reference": "[read me][1]\n\n[1]: javascript:act()",
    "autolink": "<javascript:act()>",
    "data link": "[read me](data:text/html,<script>act()</script>)",
    "image": "![x](javascript:act())",
    "diagram": "```mermaid\n</pre><script>act()</script>\n```",
    "formula": r"$\href{javascript:act()}{x}$",
    "displayed formula": r"$$\href{javascript:act()}{x}$$",
    "environment": "\\begin{align}\\href{javascript:act()}{x}\\end{align}",
    "formula in disguise": r"$&#92;h&#114;ef{javascript:act()}{x}$",
    "formula in a block": r"<p>$\href{javascript:act()}{x}$</p>",
    "picture that is a page": '<img src="data:text/html;base64,PHNjcmlwdD4=">',
    "form": '<form action="javascript:act()"><button>go</button></form>',
    "frame": '<iframe srcdoc="<script>act()</script>"></iframe>',
    "drawing": '<svg onload="act()"><script>act()</script></svg>',
    "attribute": '[x](/y "a&quot; onclick=&quot;act()")',
    "language": "```python onclick=act()\nx\n```",
}
ACTS = re.compile(
    r"<script>act|<img[^>]* onerror|<[^>]*\s(?:href|src)=\"?\s*(?:javascript|data:text)|\\href|<[^>\"]*\sonclick=", re.I
)


def shown(*cells: object) -> str:
    exporter = HTMLExporter(
        template_name="classic", config=Config(HTMLExporter={"filters": {"markdown2html": markdown2html}})
    )
    html, _ = exporter.from_notebook_node(new_notebook(cells=list(cells)))
    return str(html)


@pytest.mark.parametrize("name", DANGEROUS)
def test_nothing_acts(name: str) -> None:
    assert not ACTS.search(shown(new_markdown_cell(DANGEROUS[name])))


@pytest.mark.parametrize("name", ["script", "handler", "link", "diagram", "formula"])
def test_what_acts_is_seen_to_act_in_a_cell_of_the_instructor(name: str) -> None:
    assert ACTS.search(shown(new_markdown_cell(DANGEROUS[name], metadata={"nbgrader": {"locked": True}})))


def test_nothing_acts_in_raw_cells() -> None:
    assert not ACTS.search(shown(new_raw_cell(DANGEROUS["script"], metadata={"raw_mimetype": "text/html"})))


def test_plain_text_formulas_and_pictures_are_shown() -> None:
    picture = {"dot.png": {"image/png": "iVBORw0KGgo="}}
    html = shown(new_markdown_cell("**bold** $x^2$ ![dot](attachment:dot.png) [a](https://b.org)", attachments=picture))
    for part in ("<strong>bold</strong>", "$x^2$", 'src="data:image/png;base64,iVBORw0KGgo="', 'href="https://b.org"'):
        assert part in html


def test_harmless_html_is_shown() -> None:
    table = "| a | b |\n|---|--:|\n| 1 | 2 |"
    source = f"<details><summary>Hint</summary>\n\nPress <kbd>Enter</kbd>, or\n\n{table}\n\n</details>"
    html = shown(new_markdown_cell(source))
    for part in ("<summary>Hint</summary>", "<kbd>Enter</kbd>", "<td>1</td>", "</details>"):
        assert part in html


def test_code_is_highlighted() -> None:
    assert '<span class="k">' in shown(new_markdown_cell("```python\nif True: pass\n```"))


def test_a_missing_attachment_costs_nobody_the_page() -> None:
    assert "my own words" in shown(new_markdown_cell("my own words ![gone](attachment:gone.png)"))
