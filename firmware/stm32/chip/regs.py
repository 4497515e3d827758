"""Registers of the STM32H743 that the drivers use; chapters are RM0433's.

host_tests/pc/stm32/ holds the drivers against a model of what these registers do.
"""

from micropython import const

# Reset and clock control (8.7): clocks of peripherals.
RCC_AHB1ENR = const(0x580244D8)  # DMA2 1, ADC1 and ADC2 5
RCC_AHB2ENR = const(0x580244DC)  # SRAM1 29
RCC_AHB4ENR = const(0x580244E0)  # ADC3 24
RCC_APB1LENR = const(0x580244E8)  # TIM2 0
DBGMCU_IDCODE = const(0x5C001000)  # revision in the upper half (60.5.8)

# Converters (25.6 of each; 25.7 common ones).
ADCS = (0x40022000, 0x40022100, 0x58026000)
ADC12_CCR = const(0x40022308)
ADC3_CCR = const(0x58026308)
ADC_ISR = const(0x00)
ADC_CR = const(0x08)
ADC_CFGR = const(0x0C)
ADC_CFGR2 = const(0x10)
ADC_SMPR1 = const(0x14)
ADC_SMPR2 = const(0x18)
ADC_PCSEL = const(0x1C)
ADC_SQR1 = const(0x30)
ADC_DR = const(0x40)

# DMA2 (15.5), streams 0 to 7, and the requests of DMAMUX1 (17.6), whose channels 8 to 15 are DMA2's.
DMA2_LISR = const(0x40020400)
DMA2_HISR = const(0x40020404)
DMA2_LIFCR = const(0x40020408)
DMA2_HIFCR = const(0x4002040C)
DMA2_STREAM = const(0x40020410)  # of stream 0; the next is 0x18 further
DMAMUX1_DMA2 = const(0x40020820)  # of stream 0; the next is 4 further
DMA_CR = const(0x00)
DMA_NDTR = const(0x04)
DMA_PAR = const(0x08)
DMA_M0AR = const(0x0C)
DMA_FCR = const(0x14)
REQUEST_ADCS = (9, 10, 115)
REQUEST_TIM2_UP = const(22)

# Timer 2 (39.4), 32 bits.
TIM2_CR1 = const(0x40000000)
TIM2_CR2 = const(0x40000004)
TIM2_DIER = const(0x4000000C)
TIM2_EGR = const(0x40000014)
TIM2_CNT = const(0x40000024)
TIM2_PSC = const(0x40000028)
TIM2_ARR = const(0x4000002C)

# Serial ports (48.7) by MicroPython's number: base, requests of receiver and transmitter.
USARTS = {2: (0x40004400, 43, 44), 6: (0x40011400, 71, 72)}
USART_CR1 = const(0x00)
USART_CR3 = const(0x08)
USART_ISR = const(0x1C)
USART_ICR = const(0x20)
USART_RDR = const(0x24)
USART_TDR = const(0x28)

# Memory protection of the Cortex-M7 (PM0253 4.6).
MPU_CTRL = const(0xE000ED94)
MPU_RBAR = const(0xE000ED9C)
MPU_RASR = const(0xE000EDA0)
SCB_DCCIMVAC = const(0xE000EF70)  # cleans and invalidates the line of an address
