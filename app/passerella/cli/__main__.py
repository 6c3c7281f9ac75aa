"""``python -m passerella.cli``, where the program's name is not on the path."""

from passerella.cli import main

main()
