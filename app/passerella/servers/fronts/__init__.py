"""The web servers that can stand in front of a traced server, one small description each."""
