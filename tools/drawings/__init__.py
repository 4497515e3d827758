"""Circuit drawings of docs/hardware.md, as SVG."""
