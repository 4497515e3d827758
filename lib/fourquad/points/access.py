"""Offsets into points.ACCESS: the permission that a password gives (meter/permission.py)."""

PERMISSION = 0  # 1 high, 0 low; writing the password makes it high
NEW_PASSWORD = 1  # writing it changes the password; it reads 0
SECONDS = 2  # left of the permission, or of the lock after wrong passwords
LOCKED = 3  # 1 while no password is taken
ENTRY = 4  # writing the password at a panel: OK if it is right, and no permission; reads 0
