"""Show widgets where a kernel runs, and something that lasts where none does: exported pages, reopened notebooks."""

from IPython.display import display
from ipywidgets import DOMWidget, Layout, Output, VBox

_STYLE = """<style>
.jp-OutputArea-child:has(.without-kernel > style:only-child),
body:not(.jp-Notebook) .jp-OutputArea:has(.jp-OutputArea-output .jupyter-widgets)
  > .jp-OutputArea-child:has(> .jp-OutputArea-output > .without-kernel),
body:not(.jp-Notebook) .jp-OutputArea-child:has(.without-kernel)
  + .jp-OutputArea-child:has(> .jp-OutputArea-output.jupyter-widgets),
body.jp-Notebook .jp-OutputArea-child:has(.without-kernel) + .jp-OutputArea-child,
body.jp-Notebook .jp-OutputArea-child:has(.jupyter-widgets) { display: none }
</style>"""
# JupyterLab and Notebook show the widgets alone, or, after their kernel has ended, the other content in place of
# "Error displaying widget", which ipywidgets writes into the output itself. A page made by nbconvert, whose body is the
# notebook, hides the widgets.

_NAMES = """<script>{
  const panel = document.currentScript?.closest(".widget-vbox");  // other programs may run it elsewhere
  const name = () => panel.querySelectorAll(".widget-slider").forEach(slider => slider
    .querySelector(".noUi-handle")?.setAttribute("aria-label", slider.querySelector(".widget-label").textContent));
  if (panel) {
    name();
    new MutationObserver(name).observe(panel, {childList: true, subtree: true});
  }
}</script>"""


def show(panel: DOMWidget, html: str = "", text: str = "") -> None:
    """Show widgets in the cell's output, and other content in their place where they would be dead.

    Args:
        panel: The widgets.
        html: What stands there instead; nothing by default, and then no room is taken.
        text: The same for readers that show text only.
    """
    static = f'<div class="without-kernel" style="margin-left: 10px">{_STYLE}{html}</div>'
    display({"text/html": static, "text/plain": text}, raw=True)
    display({**panel._repr_mimebundle_(), "text/plain": ""}, raw=True)


def name_sliders(panel: DOMWidget) -> VBox:
    """Return a panel whose sliders tell screen readers their names, the labels beside them (WCAG 4.1.2).

    ipywidgets gives the handle, which takes the keyboard, no name of its own. Its `Output` widget, unlike the cell's
    output, runs a script in every notebook and keeps it out of the file.
    """
    script = {"output_type": "display_data", "data": {"text/html": _NAMES}, "metadata": {}}
    return VBox([panel, Output(outputs=(script,), layout=Layout(display="none"))])
