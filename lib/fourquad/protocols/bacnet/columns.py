"""Columns of the tables of a model's objects."""

# Columns of an object's row.
NAME = 0  # bytes
POINT = 1  # id; None where there is no value
SCALE = 2  # the value is the point's over this; None: as it is; (id of a setting, what it is over for each
# of its values). Of a binary input, the bit of the point
UNITS = 3  # engineering units (21, BACnetEngineeringUnits)
FAULT = 4  # id of a point with its reliability; None where it always is reliable
ABOUT = 5  # description, bytes

# Columns of DEVICE.
IDENTIFIER = 0  # id of the point with its instance
DEVICE_NAME = 1  # id of a text
PLACE = 2  # id of a text
VENDOR = 3  # (id of the point with its identifier, name)
MODEL = 4  # bytes
VERSIONS = 5  # (firmware, application software), bytes
LINK = 6  # ids of Max_Master and Max_Info_Frames, or None where the data link has none
REVISION = 7  # id of the point with Database_Revision; None: a sum over what others know the meter by
OBJECT_BITS = 8  # how many bits Protocol_Object_Types_Supported has
SERIAL = 9  # id of a text, which stands at the end of the description; None where there is none
TEXT = 10  # id of a text that is the description; None where that is the model
