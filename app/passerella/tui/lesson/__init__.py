"""Taking lessons on the screen: the index, a page beside its trace, the glossary."""
