"""The one door to everything live: processes, the guardian that ends them, the channel that the probe speaks on."""
