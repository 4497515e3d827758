# What every image has, with and without fourquad.
module("rp2.py", base_path="$(PORT_DIR)/modules")
module("_boot.py", base_path=".")
