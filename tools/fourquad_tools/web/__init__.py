"""The pages of the network module: their sources, and the layout that is made of a model's tables."""
