# An image to deploy fourquad to, with what a program of your own beside it may want.
include("manifest_base.py")
include("$(MPY_DIR)/extmod/asyncio")
