# The meter itself, with its ids as numbers (tools/build/inline_points.py), and what composes it on a board.
import os

include("manifest_base.py")

# for people at a PC, or for kernels that a board does not have
PC_ONLY = ("names.py", "dnp3_names.py", "kernel_vector.py")
root = "../../build/inlined"
modules = []
for folder, _, names in os.walk(root + "/fourquad"):
    kept = [name for name in names if name.endswith(".py") and name not in PC_ONLY]
    modules.extend(os.path.relpath(os.path.join(folder, name), root + "/fourquad") for name in kept)
package("fourquad", files=tuple(sorted(modules)), base_path=root)
freeze("../../firmware")
