"""A probe's report as one page of HTML: what was found, what it costs, and the curves that show it.

`page` puts the page together from `page.html.jinja` and `page.css`; `verdict_cards` says what stands in the card of each verdict and
`belonging` which figures belong to it. Every other module makes one kind of figure, as a chart in Vega-Lite that `drawing` turns into
SVG. The page holds no script, asks the network for nothing and takes its colours from the reader's preference for light or dark.
"""
