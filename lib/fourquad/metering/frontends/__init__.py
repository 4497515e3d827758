"""From a converter's words to the codes that kernels take."""
