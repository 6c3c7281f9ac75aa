"""What goes on a stick so that Passerella is installed with no network."""
