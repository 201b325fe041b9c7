# SPDX-License-Identifier: ISC
"""The picture of the stream workloads: speed, and CPU time per GB."""
import statistics
from xml.sax.saxutils import escape

WORKLOADS = {
    "tcp-pipe": "pipe to pipe, TCP",
    "tcp-null": "pipe to /dev/null, TCP",
    "tcp-file": "file to file, TCP",
    "tcp-duplex": "pipes, both ways, TCP",
    "unix-pipe": "pipe to pipe, unix socket",
}
# Told apart by lightness alone, too.
TOOLS = {"sockcat": "#0059a8", "nc.openbsd": "#e08a1e", "ncat": "#8d9aa5", "socat": "#c3cbd3"}
PANELS = (("MB/s", "Speed, MB/s", "more is better", "{:.0f}"),
          ("CPU s/GB", "CPU time, s/GB, sender and receiver", "less is better", "{:.2f}"))

WIDTH, LABELS, PANEL, GAP = 960, 150, 350, 44
TOP, BAR, STEP, BETWEEN = 112, 13, 15, 16
INK, FAINT, GRID = "#1b1f24", "#57606a", "#e4e7ea"


class Drawing:
    def __init__(self):
        self.parts = []

    def text(self, x, y, words, **style):
        attributes = "".join(f' {name.replace("_", "-")}="{value}"'
                             for name, value in style.items())
        self.parts.append(f'<text x="{x:g}" y="{y:g}"{attributes}>{escape(words)}</text>')

    def bar(self, x, y, width, height, fill):
        self.parts.append(f'<rect x="{x:g}" y="{y:g}" width="{width:.1f}" height="{height:g}"'
                          f' fill="{fill}"/>')

    def line(self, x, top, bottom, stroke):
        self.parts.append(f'<path d="M{x:.1f} {top:g}V{bottom:g}" stroke="{stroke}"/>')

    def svg(self, height, title):
        return "\n".join([
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}"'
            f' width="{WIDTH}" height="{height}" role="img" font-size="12" fill="{INK}"'
            ' font-family="system-ui, \'DejaVu Sans\', Helvetica, Arial, sans-serif">',
            f"<title>{escape(title)}</title>",
            f'<rect width="{WIDTH}" height="{height}" rx="8" fill="#fff"/>',
            *self.parts, "</svg>"])


def median(record, tool, metric):
    samples = [sample for sample in record["samples"].get(tool, ()) if sample]
    return statistics.median(sample[metric] for sample in samples) if samples else None


def why_not(record, tool):
    if record["failures"].get(tool):
        return record["failures"][tool][0].partition(":")[0]
    return "not measured"


def label_of(record, tool, words):
    lost = len(record["failures"].get(tool, ()))
    return f"{words} ({lost} of {record['reps']} failed)" if lost else words


def ticks(largest):
    """Round steps from 0, four to eight of them."""
    step = 10 ** len(str(int(largest))) / 1000
    for factor in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000):
        if largest / (step * factor) <= 6:
            step *= factor
            break
    count = int(largest / step) + 1
    return [i * step for i in range(count + 1)]


def legend(drawing):
    x = LABELS
    for tool, colour in TOOLS.items():
        drawing.bar(x, 60, 13, 13, colour)
        weight = {"font_weight": "bold"} if tool == "sockcat" else {}
        drawing.text(x + 19, 71, tool, **weight)
        x += 40 + 8 * len(tool)


def panel(drawing, records, left, bottom, metric, title, sense, form):
    values = [median(record, tool, metric) for record in records.values() for tool in TOOLS]
    marks = ticks(max(value for value in values if value is not None))
    scale = PANEL / marks[-1]
    drawing.text(left, TOP - 16, title, font_weight="bold")
    drawing.text(left + PANEL, TOP - 16, sense, fill=FAINT, text_anchor="end")
    for mark in marks:
        drawing.line(left + mark * scale, TOP - 6, bottom, GRID if mark else FAINT)
        drawing.text(left + mark * scale, bottom + 16, f"{mark:g}", fill=FAINT,
                     text_anchor="middle", font_size=11)
    y = TOP
    for record in records.values():
        for tool, colour in TOOLS.items():
            value = median(record, tool, metric)
            if value is None:
                drawing.text(left + 5, y + 10.5, why_not(record, tool), fill=FAINT,
                             font_size=11, font_style="italic")
            else:
                drawing.bar(left, y, value * scale, BAR, colour)
                weight = {"font_weight": "bold"} if tool == "sockcat" else {}
                drawing.text(left + value * scale + 5, y + 10.5,
                             label_of(record, tool, form.format(value)), font_size=11, **weight)
            y += STEP
        y += BETWEEN


def draw(environment, records):
    """The SVG; records: those of WORKLOADS, by name."""
    drawing = Drawing()
    title = "Moving bytes through two processes on loopback"
    drawing.text(20, 34, title, font_size=18, font_weight="bold")
    legend(drawing)
    group = STEP * len(TOOLS) + BETWEEN
    bottom = TOP + group * len(records) - BETWEEN + 4
    for i, name in enumerate(records):
        y = TOP + group * i + STEP * len(TOOLS) / 2
        drawing.text(LABELS - 12, y - 2, name, text_anchor="end", font_weight="bold")
        words = WORKLOADS[name].split(", ")
        for line, part in enumerate([", ".join(words[:-1]), words[-1]]):
            drawing.text(LABELS - 12, y + 12 + 13 * line, part, text_anchor="end", fill=FAINT,
                         font_size=11)
    for i, (metric, *labels) in enumerate(PANELS):
        panel(drawing, records, LABELS + i * (PANEL + GAP), bottom, metric, *labels)
    about = list(records.values())[-1]
    versions = environment["versions"]
    reps = "one run" if about["reps"] == 1 else f"medians of {about['reps']} runs"
    lines = [f"{environment['cpu']}, {environment['cores']} cores, {environment['kernel']},"
             f" {about['date']}; {reps} of {about['size'] >> 20} MiB.",
             ", ".join(f"{tool} {versions[tool]}" for tool in TOOLS if versions.get(tool)) + "."]
    for i, line in enumerate(lines):
        drawing.text(20, bottom + 46 + 16 * i, line, fill=FAINT, font_size=11)
    return drawing.svg(bottom + 78, title)
