"""The print engine: templates, print trees, and the papers made of them."""
