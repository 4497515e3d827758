# The meter itself, and what composes it on a board.
include("manifest_base.py")
package("fourquad", base_path="../../lib")
freeze("../../firmware")
