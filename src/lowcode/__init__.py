"""lowcode: an embeddable no-code application-builder engine.

Six engines (forms, flows, rules, reports, printing, api) interpret the JSON documents of an app.
Importing this package opens nothing and registers nothing.
"""
