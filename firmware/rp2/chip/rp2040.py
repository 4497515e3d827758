"""Registers and requests of the RP2040 that the drivers use (datasheet 2.2, 2.5.3.1).

host_tests/agree/test_chips.py holds each against the SDK's header; what is not here is alike on the RP2350.
"""

ADC_CS = 0x4004C000
ADC_FCS = 0x4004C008
ADC_FIFO = 0x4004C00C
ADC_DIV = 0x4004C010
TIMERAWL = 0x40054028  # free-running microseconds
UARTS = (0x40034000, 0x40038000)
IO_BANK0 = 0x40014000
CLOCK_GPOUT0 = 0x40008000  # CLK_GPOUT0_CTRL, then CLK_GPOUT0_DIV
GPOUT_SYSTEM = 6  # its source: clk_sys
GPOUT_PLACES = 8  # binary places of its divider
OUTOVER = 8  # bit of a GPIO's control word where the override of its output begins
WATCHDOG_CTRL = 0x40058000
WATCHDOG_REASON = 0x40058008  # bit 0: the timer

DMA_CHANNELS = 12
DMA_BUSY = 24  # bit of a channel's control word
DMA_TIMER = 0x50000420  # pacing timers 0-3: X << 16 | Y, a transfer every Y / X system clocks
DMA_ABORT = 0x50000444
SNIFF_CONTROL = 0x50000434
SNIFF_DATA = 0x50000438
TREQ_UART_TX = (20, 22)
TREQ_UART_RX = (21, 23)
TREQ_ADC = 36
