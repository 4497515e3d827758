import os

include("../common/manifest.py")
modules = tuple(sorted(name for name in os.listdir() if name.endswith(".py") and name != "manifest.py"))
if modules:
    freeze(".", modules)
