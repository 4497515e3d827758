"""A few symbols of circuit diagrams (IEC 60617) on a grid of 20 points."""

from __future__ import annotations

from pathlib import Path

GRID = 20


class Circuit:
    """A drawing of `width` by `height` grid units; positions are grid units, too."""

    def __init__(self, width: int, height: int, title: str) -> None:
        self.size = (width * GRID, height * GRID)
        self.parts = [f'<text x="10" y="18" font-size="14">{title}</text>']

    def wire(self, *points: tuple[float, float]) -> None:
        """A line through points."""
        path = " ".join(f"{x * GRID:g},{y * GRID:g}" for x, y in points)
        self.parts.append(f'<polyline points="{path}" fill="none" stroke="black" stroke-width="1.4"/>')

    def dot(self, x: float, y: float) -> None:
        """Where wires join."""
        self.parts.append(f'<circle cx="{x * GRID:g}" cy="{y * GRID:g}" r="3"/>')

    def text(self, x: float, y: float, text: str, anchor: str = "start") -> None:
        """A label."""
        self.parts.append(
            f'<text x="{x * GRID:g}" y="{y * GRID:g}" font-size="11" text-anchor="{anchor}">{text}</text>'
        )

    def resistor(self, x: float, y: float, name: str, upright: bool = False) -> None:
        """Two units long, from (x, y) to the right or down."""
        w, h = (0.6, 1.4) if upright else (1.4, 0.6)
        left, top = (x - 0.3, y + 0.3) if upright else (x + 0.3, y - 0.3)
        if upright:
            self.wire((x, y), (x, y + 0.3))
            self.wire((x, y + 1.7), (x, y + 2))
            self.text(x + 0.5, y + 1.2, name)
        else:
            self.wire((x, y), (x + 0.3, y))
            self.wire((x + 1.7, y), (x + 2, y))
            self.text(x + 1, y - 0.5, name, "middle")
        self._box(left, top, w, h)

    def capacitor(self, x: float, y: float, name: str) -> None:
        """Two units down from (x, y)."""
        self.wire((x, y), (x, y + 0.85))
        self.wire((x - 0.5, y + 0.85), (x + 0.5, y + 0.85))
        self.wire((x - 0.5, y + 1.15), (x + 0.5, y + 1.15))
        self.wire((x, y + 1.15), (x, y + 2))
        self.text(x + 0.6, y + 1.2, name)

    def ground(self, x: float, y: float, name: str = "") -> None:
        """Reference potential."""
        for k in range(3):
            half = 0.45 - 0.15 * k
            self.wire((x - half, y + 0.2 * k), (x + half, y + 0.2 * k))
        self.text(x + 0.6, y + 0.4, name)

    def terminal(self, x: float, y: float, name: str) -> None:
        """Where the outside is connected."""
        self.parts.append(f'<circle cx="{x * GRID:g}" cy="{y * GRID:g}" r="4" fill="white" stroke="black"/>')
        self.text(x - 0.3, y - 0.5, name, "middle")

    def block(self, x: float, y: float, w: float, h: float, *lines: str) -> None:
        """A box with text."""
        self._box(x, y, w, h)
        for n, line in enumerate(lines):
            self.text(x + w / 2, y + h / 2 + 0.2 + 0.75 * (n - (len(lines) - 1) / 2), line, "middle")

    def transformer(self, x: float, y: float, name: str) -> None:
        """Primary from (x, y) to (x, y + 2), secondary from (x + 2, y) to (x + 2, y + 2)."""
        for side, sweep in ((0.55, 1), (1.45, 0)):
            at = x + side
            self.wire((x if sweep else x + 2, y), (at, y))
            self.wire((x if sweep else x + 2, y + 2), (at, y + 2))
            for k in range(4):
                top = (y + 0.5 * k) * GRID
                self.parts.append(
                    f'<path d="M {at * GRID:g} {top:g} a 5 5 0 0 {sweep} 0 {0.5 * GRID:g}" fill="none" '
                    'stroke="black" stroke-width="1.4"/>'
                )
        self.wire((x + 1, y), (x + 1, y + 2))
        self.text(x + 1, y - 0.5, name, "middle")

    def barrier(self, x: float, top: float, bottom: float) -> None:
        """Where isolation is."""
        self.parts.append(
            f'<line x1="{x * GRID:g}" y1="{top * GRID:g}" x2="{x * GRID:g}" y2="{bottom * GRID:g}" '
            'stroke="#c0392b" stroke-dasharray="6 4"/>'
        )
        self.text(x, bottom + 0.7, "isolation", "middle")

    def _box(self, x: float, y: float, w: float, h: float) -> None:
        self.parts.append(
            f'<rect x="{x * GRID:g}" y="{y * GRID:g}" width="{w * GRID:g}" height="{h * GRID:g}" '
            'fill="white" stroke="black" stroke-width="1.4"/>'
        )

    def save(self, path: Path) -> None:
        """Write the file."""
        width, height = self.size
        head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"'
        head += ' font-family="sans-serif">'
        body = [head, f'<rect width="{width}" height="{height}" fill="white"/>', *self.parts, "</svg>", ""]
        path.write_text("\n".join(body))
