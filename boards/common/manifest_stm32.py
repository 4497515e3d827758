# The meter itself, what composes it, and the drivers of an STM32; of hal/ only what knows no chip.
import os

package("fourquad", base_path="../../build/inlined")
freeze("../../firmware", tuple(sorted(name for name in os.listdir("../../firmware") if name.endswith(".py"))))
package("stm32", base_path="../../firmware")
package(
    "hal",
    ("__init__.py", "io.py", "keys.py", "lcd.py", "lm75.py", "powerfail.py"),
    base_path="../../firmware",
)
module("circuit.py", base_path=".")
