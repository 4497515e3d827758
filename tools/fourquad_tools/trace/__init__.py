"""What goes over the simulator's ports, as text and for Wireshark."""
