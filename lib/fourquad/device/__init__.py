"""The meter as a device: measuring, saving, its panel and its ports, without a chip."""
