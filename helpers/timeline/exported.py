"""Show widgets where a kernel runs, and something that lasts where none does, such as exported pages."""

from IPython.display import display
from ipywidgets import DOMWidget

_STYLE = """<style>
body:not(.jp-Notebook) .jp-OutputArea:has(.jupyter-widgets) .jp-OutputArea-child:has(.without-kernel),
body.jp-Notebook .jp-OutputArea-child:has(.without-kernel > style:only-child),
body.jp-Notebook .jp-OutputArea-child:has(.without-kernel) + .jp-OutputArea-child,
body.jp-Notebook .jp-OutputArea-child:has(.jupyter-widgets) { display: none }
</style>"""
# JupyterLab and Notebook show the widgets alone; a page made by nbconvert, whose body is the notebook, hides them.


def show(panel: DOMWidget, html: str = "", text: str = "") -> None:
    """Show widgets in the cell's output, and other content in their place where they would be dead.

    Args:
        panel: The widgets.
        html: What stands in an exported page instead; nothing by default, and then no room is taken.
        text: The same for readers that show text only.
    """
    static = f'<div class="without-kernel" style="margin-left: 10px">{_STYLE}{html}</div>'
    display({"text/html": static, "text/plain": text}, raw=True)
    display({**panel._repr_mimebundle_(), "text/plain": ""}, raw=True)
