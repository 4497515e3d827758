"""Drivers of the STM32H743, in the place of `hal`'s. Written to RM0433, never run on a chip."""
