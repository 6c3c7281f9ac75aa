"""Our HTTP/1.1 client: every byte known, no time limit, because a journey can be held."""
