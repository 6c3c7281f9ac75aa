"""Pure: events in, journeys and steps out. No sockets, no clock, no terminal."""
