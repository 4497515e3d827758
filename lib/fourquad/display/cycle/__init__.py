"""A display of one row of digits with two keys, which goes through pages by itself."""
