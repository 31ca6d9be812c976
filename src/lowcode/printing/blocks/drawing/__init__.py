"""Drawings made of text: seals, QR codes and bar codes as SVG, the same in the browser and on paper."""
