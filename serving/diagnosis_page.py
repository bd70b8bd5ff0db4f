"""The quadrant chart as a page: point at a creator, choose quadrants, find a name."""

from html import escape
from typing import Final

from models.matrix.diagnosis import QUADRANTS
from serving.diagnosis import BrandDiagnosis
from serving.diagnosis_chart import FONT, chart_svg, heading

STYLE: Final = (
    f"body{{font:15px/1.5 {FONT};margin:1.2rem auto;max-width:1020px;padding:0 1rem;color:#1a1a1a}}"
    "svg{max-width:100%;height:auto}.point{cursor:default}.point:hover path{stroke-width:2.4}"
    ".off{display:none}.dim{opacity:.12}#tip{position:fixed;display:none;background:#fff;"
    "border:1px solid #999;border-radius:4px;padding:.4rem .6rem;font-size:13px;"
    "white-space:pre-line;max-width:26rem;box-shadow:0 2px 8px #0003;pointer-events:none}"
    "fieldset{border:0;padding:0;margin:.3rem 0}label{margin-right:1rem;white-space:nowrap}"
    "input[type=search]{font:inherit;padding:.2rem .5rem}"
)
SCRIPT: Final = """
const points = [...document.querySelectorAll('.point')].map(g => {
  const title = g.querySelector('title'), told = title.textContent;
  title.remove();
  return {g, told, q: g.dataset.q, name: told.split('\\n')[0].toLowerCase()};
});
const tip = document.getElementById('tip');
for (const p of points) {
  p.g.addEventListener('mousemove', e => {
    tip.textContent = p.told;
    tip.style.display = 'block';
    tip.style.left = Math.min(e.clientX + 14, innerWidth - tip.offsetWidth - 8) + 'px';
    tip.style.top = Math.min(e.clientY + 14, innerHeight - tip.offsetHeight - 8) + 'px';
  });
  p.g.addEventListener('mouseleave', () => { tip.style.display = 'none'; });
}
const boxes = [...document.querySelectorAll('[data-show]')];
const search = document.querySelector('[type=search]');
function choose() {
  const shown = new Set(boxes.filter(b => b.checked).map(b => b.dataset.show));
  const asked = search.value.trim().toLowerCase();
  for (const p of points) {
    p.g.classList.toggle('off', !shown.has(p.q));
    p.g.classList.toggle('dim', asked !== '' && !p.name.includes(asked));
  }
}
for (const input of [...boxes, search]) input.addEventListener('input', choose);
"""


def chart_html(told: BrandDiagnosis) -> str:
    """The same as a page that loads nothing: point at a creator, choose quadrants, find a name."""
    boxes = "".join(
        f'<label><input type="checkbox" checked data-show="{i}"> {name.replace("_", " ")}</label>'
        for i, name in enumerate(QUADRANTS)
    )
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f"<title>{escape(heading(told))}</title>"
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f'<link rel="icon" href="data:,"><style>{STYLE}</style></head><body>'
        f'<fieldset>{boxes}<input type="search" placeholder="creator" aria-label="creator">'
        f'</fieldset>{chart_svg(told)}<div id="tip" role="tooltip"></div>'
        f"<script>{SCRIPT}</script></body></html>\n"
    )
