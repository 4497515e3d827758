# The meter itself, with its ids as numbers (tools/build/inline_points.py), and what composes it on a board.
include("manifest_base.py")

package("fourquad", base_path="../../build/inlined")
freeze("../../firmware")
