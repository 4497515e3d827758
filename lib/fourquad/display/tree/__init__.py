"""A display of one value with four keys, which go through rings of pages and into what is below them."""
