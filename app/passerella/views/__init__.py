"""Pure: journeys as rows, map, inspector and sentences. The only source of whatever is shown."""
