# An image to deploy fourquad to.
include("manifest_base.py")
