# The meter itself, what composes it, and the drivers of an STM32.
import os

package("fourquad", base_path="../../build/inlined")
if os.path.exists("../../build/inlined/fourquad_web.py"):  # of a board with a network: its pages
    module("fourquad_web.py", base_path="../../build/inlined")
freeze(
    "../../build/firmware",
    tuple(sorted(name for name in os.listdir("../../firmware") if name.endswith(".py"))),
)
package("drivers", base_path="../../build/firmware")
package("chip", base_path="../../build/firmware/stm32")
module("circuit.py", base_path=".")
