"""Registers and bits of firmware/stm32 against ST's own header, where STM32LIB names a copy of MicroPython's
stm32lib (tools/build/firmware-stm32.sh says why it is not here).
"""

from __future__ import annotations

import os
import shutil
import struct
import subprocess
import sys
import types
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
CORE = ROOT / "build" / "src" / "micropython" / "lib" / "cmsis" / "inc"
LIBRARY = os.environ.get("STM32LIB")
COMPILER = shutil.which("arm-none-eabi-gcc")

pytestmark = pytest.mark.skipif(not LIBRARY or not COMPILER, reason="STM32LIB is not set, or no compiler")

# what the drivers have, and what the header says it is
REGISTERS = {
    "RCC_AHB1ENR": "&RCC->AHB1ENR",
    "RCC_AHB2ENR": "&RCC->AHB2ENR",
    "RCC_AHB4ENR": "&RCC->AHB4ENR",
    "RCC_APB1LENR": "&RCC->APB1LENR",
    "DBGMCU_IDCODE": "&DBGMCU->IDCODE",
    "ADC12_CCR": "&ADC12_COMMON->CCR",
    "ADC3_CCR": "&ADC3_COMMON->CCR",
    "DMA2_LISR": "&DMA2->LISR",
    "DMA2_HISR": "&DMA2->HISR",
    "DMA2_LIFCR": "&DMA2->LIFCR",
    "DMA2_HIFCR": "&DMA2->HIFCR",
    "DMA2_STREAM": "DMA2_Stream0",
    "DMAMUX1_DMA2": "&DMAMUX1_Channel8->CCR",
    "TIM2_CR1": "&TIM2->CR1",
    "TIM2_CR2": "&TIM2->CR2",
    "TIM2_DIER": "&TIM2->DIER",
    "TIM2_EGR": "&TIM2->EGR",
    "TIM2_CNT": "&TIM2->CNT",
    "TIM2_PSC": "&TIM2->PSC",
    "TIM2_ARR": "&TIM2->ARR",
    "MPU_CTRL": "&MPU->CTRL",
    "MPU_RBAR": "&MPU->RBAR",
    "MPU_RASR": "&MPU->RASR",
    "SCB_DCCIMVAC": "&SCB->DCCIMVAC",
}
REGISTERS |= {
    f"ADC_{r}": f"offsetof(ADC_TypeDef, {r})"
    for r in ["ISR", "CR", "CFGR", "CFGR2", "SMPR1", "SMPR2", "PCSEL", "SQR1", "DR"]
}
REGISTERS |= {f"DMA_{r}": f"offsetof(DMA_Stream_TypeDef, {r})" for r in ["CR", "NDTR", "PAR", "M0AR", "FCR"]}
REGISTERS |= {
    f"USART_{r}": f"offsetof(USART_TypeDef, {r})" for r in ["CR1", "CR3", "ISR", "ICR", "RDR", "TDR"]
}
ADC_BITS = {
    "_ADEN": "ADC_CR_ADEN",
    "_ADDIS": "ADC_CR_ADDIS",
    "_ADSTART": "ADC_CR_ADSTART",
    "_ADSTP": "ADC_CR_ADSTP",
    "_BOOST": "ADC_CR_BOOST",
    "_BOOST_12": "ADC_CR_BOOST_1",
    "_LINEARITY": "ADC_CR_ADCALLIN",
    "_REGULATOR": "ADC_CR_ADVREGEN",
    "_DEEP": "ADC_CR_DEEPPWD",
    "_CALIBRATE": "ADC_CR_ADCAL",
    "_SINGLE": "ADC_CR_ADCALDIF",
    "_COMMANDS": "ADC_CR_ADCAL|ADC_CR_JADSTP|ADC_CR_ADSTP|ADC_CR_JADSTART|ADC_CR_ADSTART|ADC_CR_ADDIS"
    "|ADC_CR_ADEN",
    "_READY": "ADC_ISR_ADRDY",
    "_OVERRUN": "ADC_ISR_OVR",
    # event 11 is TIM2_TRGO in RM0433's table, and in the low-level drivers
    "_CONFIG": "ADC_CFGR_JQDIS|ADC_CFGR_DISCEN|ADC_CFGR_EXTEN_0|ADC_CFGR_EXTSEL_3|ADC_CFGR_EXTSEL_1"
    "|ADC_CFGR_EXTSEL_0|ADC_CFGR_DMNGT",
    "_SYNCHRONOUS": "ADC_CCR_CKMODE",
    "_SAMPLING": "ADC_SMPR1_SMP0_2",
}
DMA_BITS = {
    "EN": "DMA_SxCR_EN",
    "TO_PERIPHERAL": "DMA_SxCR_DIR_0",
    "CIRCULAR": "DMA_SxCR_CIRC",
    "MEMORY_INCREMENT": "DMA_SxCR_MINC",
    "HALFWORDS": "DMA_SxCR_PSIZE_0|DMA_SxCR_MSIZE_0",
    "WORDS": "DMA_SxCR_PSIZE_1|DMA_SxCR_MSIZE_1",
    "FIRST": "DMA_SxCR_PL",
    "BUFFERABLE": "DMA_SxCR_TRBUFF",
    "_ALL_FLAGS": "DMA_LIFCR_CFEIF0|DMA_LIFCR_CDMEIF0|DMA_LIFCR_CTEIF0|DMA_LIFCR_CHTIF0|DMA_LIFCR_CTCIF0",
    "_ERRORS": "DMA_LISR_TEIF0|DMA_LISR_DMEIF0",
}
USART_BITS = {
    "_UE": "USART_CR1_UE",
    "_RXNEIE": "USART_CR1_RXNEIE_RXFNEIE",
    "_DE_TIMES": "USART_CR1_DEAT|USART_CR1_DEDT",
    "_DE_BEFORE": "USART_CR1_DEAT_4",
    "_DEM": "USART_CR3_DEM",
    "_DMA": "USART_CR3_DMAR|USART_CR3_DMAT",
    "_TC": "USART_ISR_TC",
    "_ERRORS": "USART_ICR_PECF|USART_ICR_FECF|USART_ICR_NECF|USART_ICR_ORECF",
}
MEMORY_BITS = {
    "BASE": "D2_AHBSRAM_BASE",
    "_VALID": "MPU_RBAR_VALID_Msk",
    "_ATTRIBUTES": "MPU_RASR_XN_Msk|3<<MPU_RASR_AP_Pos|1<<MPU_RASR_TEX_Pos|MPU_RASR_S_Msk"
    "|16<<MPU_RASR_SIZE_Pos|MPU_RASR_ENABLE_Msk",
    "_ENABLE": "MPU_CTRL_PRIVDEFENA_Msk|MPU_CTRL_ENABLE_Msk",
}


def modules() -> dict[str, Any]:
    """The drivers' constants, without the hardware."""
    fakes = {name: types.ModuleType(name) for name in ("machine", "micropython", "uctypes")}
    machine: Any = fakes["machine"]
    machine.Pin = machine.UART = machine.mem32 = None
    fakes["micropython"].const = lambda x: x  # type: ignore[attr-defined]
    package = types.ModuleType("stm32")
    package.adc_native = None  # type: ignore[attr-defined]
    fakes["stm32"] = package
    out = {}
    with pytest.MonkeyPatch.context() as patch:
        for name, fake in fakes.items():
            patch.setitem(sys.modules, name, fake)
        for name in ("regs", "dma", "memory", "adc", "uart"):
            module = types.ModuleType(name)
            source = (ROOT / "firmware" / "stm32" / "chip" / f"{name}.py").read_text()
            exec(compile(source, name, "exec"), module.__dict__)
            setattr(package, name, module)
            out[name] = module
    return out


def evaluate(folder: Path, expressions: list[str]) -> list[int]:
    """What the header makes of C expressions."""
    cells = ",\n".join(f"(uintptr_t)({e})" for e in expressions)
    source = folder / "values.c"
    source.write_text(
        f"#include <stddef.h>\n#include <stdint.h>\n#include <stm32h743xx.h>\n"
        f'__attribute__((section(".oracle"), used)) const uintptr_t values[] = {{\n{cells}\n}};\n'
    )
    flags = ["-mcpu=cortex-m7", "-mthumb", "-c", f"-I{CORE}", f"-I{LIBRARY}/CMSIS/STM32H7xx/Include"]
    subprocess.run([str(COMPILER), *flags, "-o", folder / "values.o", source], check=True)
    copy = [
        "arm-none-eabi-objcopy",
        "-O",
        "binary",
        "-j",
        ".oracle",
        folder / "values.o",
        folder / "values.bin",
    ]
    subprocess.run(copy, check=True)
    data = (folder / "values.bin").read_bytes()
    return list(struct.unpack(f"<{len(data) // 4}I", data))


def test_registers_and_bits(tmp_path: Path) -> None:
    ours = modules()
    wanted = [
        ("regs", REGISTERS),
        ("adc", ADC_BITS),
        ("dma", DMA_BITS),
        ("uart", USART_BITS),
        ("memory", MEMORY_BITS),
    ]
    names = [(module, name) for module, table in wanted for name in table]
    values = evaluate(tmp_path, [e for _, table in wanted for e in table.values()])
    assert len(values) == len(names)
    for (module, name), value in zip(names, values, strict=True):
        assert getattr(ours[module], name) & 0xFFFFFFFF == value, f"{module}.{name}"
    bases = ["ADC1", "ADC2", "ADC3", "USART2", "USART6", "DMA2_Stream1", "DMAMUX1_Channel9"]
    adc1, adc2, adc3, usart2, usart6, stream1, mux9 = evaluate(tmp_path, bases)
    regs = ours["regs"]
    assert (adc1, adc2, adc3) == regs.ADCS
    assert (regs.USARTS[2][0], regs.USARTS[6][0]) == (usart2, usart6)
    assert (ours["dma"].base(1), regs.DMAMUX1_DMA2 + 4) == (stream1, mux9)


def test_requests() -> None:
    regs = modules()["regs"]
    text = Path(f"{LIBRARY}/STM32H7xx_HAL_Driver/Inc/stm32h7xx_hal_dma.h").read_text()

    def request(name: str) -> int:
        line = next(line for line in text.splitlines() if f"define DMA_REQUEST_{name} " in line)
        return int(line.split()[2].rstrip("U"))

    assert tuple(request(f"ADC{n}") for n in (1, 2, 3)) == regs.REQUEST_ADCS
    assert request("TIM2_UP") == regs.REQUEST_TIM2_UP
    for number, (_, receiver, transmitter) in regs.USARTS.items():
        assert (request(f"USART{number}_RX"), request(f"USART{number}_TX")) == (receiver, transmitter)
