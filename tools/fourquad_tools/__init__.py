"""What runs on a PC: the simulator, the emulator's front, deployment and the pages that are made from
tables.
"""
