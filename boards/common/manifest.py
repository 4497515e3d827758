# The meter itself, and what composes it on a board.
import os

include("manifest_base.py")

# for people at a PC, or for kernels that a board does not have
PC_ONLY = ("names.py", "dnp3_names.py", "kernel_vector.py")
root = "../../lib/fourquad"
modules = []
for folder, _, names in os.walk(root):
    for name in names:
        if name.endswith(".py") and name not in PC_ONLY:
            modules.append(os.path.relpath(os.path.join(folder, name), root))
package("fourquad", files=tuple(sorted(modules)), base_path="../../lib")
freeze("../../firmware")
