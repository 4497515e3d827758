"""The meter's own utility: what a person or a script does with a meter at the other end of a line."""
