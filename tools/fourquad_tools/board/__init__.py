"""Work with a board on a USB socket or on its own port."""
