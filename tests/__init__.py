"""The tests: `architecture` (how the house is built), `conformance` (cases as data), mirrors of the sources, apps."""
