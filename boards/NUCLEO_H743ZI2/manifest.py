include("../common/manifest_stm32.py")
module("board.py", base_path=".")
