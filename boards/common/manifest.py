# The meter itself, with its ids as numbers (tools/build/inline_points.py), and what composes it on a board.
import os

include("manifest_base.py")

package("fourquad", base_path="../../build/inlined")
if os.path.exists("../../build/inlined/fourquad_web.py"):  # of a board with a network: its pages
    module("fourquad_web.py", base_path="../../build/inlined")
freeze(
    "../../build/firmware",
    tuple(sorted(name for name in os.listdir("../../firmware") if name.endswith(".py"))),
)
package("drivers", base_path="../../build/firmware")
package("chip", base_path="../../build/firmware/rp2")
module("circuit.py", base_path=".")
