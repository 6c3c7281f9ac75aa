"""Journeys as other programs read them."""
