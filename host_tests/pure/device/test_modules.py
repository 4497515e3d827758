"""I/O modules of a board: which are connected, and what of them outlives power cuts of a whole meter."""

from device_fakes import Plant

from fourquad import points as p
from fourquad.points import modules as m


def plant_with(modules, model="kw320"):
    class Board(Plant):
        """With these modules."""

    Board.modules = modules
    return Board(model)


def test_a_board_names_its_modules():
    for modules, bits in ((None, 1), ((), 0), (("io21", "io32"), 0b100100), (("io31", "inputs"), 0b10000)):
        assert plant_with(modules).points.read(p.STATE + p.MODULES) == bits
    try:
        plant_with(("io11", "io12", "io21", "io22"))
    except ValueError:
        pass
    else:
        raise AssertionError
    # told to be another meter, a board has what that one has
    for modules in (None, ("io11", "io21")):
        assert plant_with(modules, "a1000").points.read(p.STATE + p.MODULES) == 1


def press(plant, closed):
    plant.terminals.closed = closed
    plant.run(25)


def test_counts_and_events_outlive_cuts():
    plant = plant_with(("io21", "io12"))
    # pins 0-3 are DI7-DI10, 4-9 DI15-DI20; DI7 and DI20 count, DI8 makes events
    plant.write(p.SETTING + m.IO21_DI_TYPE, 0b0001)
    plant.write(p.SETTING + m.IO12_DI_TYPE, 0b100000)
    plant.write(p.SETTING + m.IO12_DI_CONSTANT, 2)
    plant.write(p.SETTING + p.SOE_MODULE, 2)
    plant.run(1200)
    pulses = events = 0
    for life in range(4):
        for _ in range(3):
            pulses += 1
            events += 2
            press(plant, 1 << 0 | 1 << 1 | 1 << 9)
            press(plant, 0)
        plant.run(150)
        if life % 2:
            # a contact that stays closed over the cut is no pulse, and no event
            press(plant, 1 << 0 | 1 << 1 | 1 << 9)
            pulses += 1
            events += 1
        plant.warn()
        plant.cut()
        plant.run(100)
        assert plant.points.read(p.MODULE + m.COUNT1 + 6) == pulses
        assert plant.points.read(p.MODULE + m.COUNT1 + 19) == pulses // 2
        assert plant.points.read(p.STATE + p.SOE_NUMBER) == (events - 1) % 20 + 1
        if life % 2:
            press(plant, 0)
            events += 1
    # the last event: DI8 opened
    newest = plant.points.read(p.STATE + p.SOE_NUMBER)
    assert plant.points.read(p.SEQUENCE + 8 * (newest - 1) + 7) == 0


def test_relays_and_outputs_are_off_after_a_cut():
    plant = plant_with(("io31", "io22"))
    plant.write(p.MODULE + m.RELAY1 + 3, 1)
    plant.write(p.SETTING + m.IO22_DO_WORK, 1)
    plant.device.meter.io.alarm_output(m.DO1 + 2, True)
    plant.run(50)
    assert (plant.terminals.driven, plant.terminals.put_out) == (0b10, 0b01)
    plant.warn()
    plant.cut()
    plant.run(50)
    io = plant.device.meter.io
    assert io.relays == io.outputs == 0
