"""What runs inside the traced process, and the vocabulary of the wire.

Standard library only, relative imports only: in the traced process this folder is loaded
under another name, because Passerella is not installed there.
"""
