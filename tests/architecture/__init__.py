"""How the house is built, checked on the sources themselves: floors, rooms, sizes, names, silence on import.

What is tolerated against these rules stands in `tolerated.txt`, one line each with its reason; the list only shrinks.
"""
