"""Keys, menu, screen and number formats: from points to what a person sees, without any hardware."""
