"""What is kept says of which model and of what layout it is; nothing else is taken back."""

from meter.tables import Copy, meter

from fourquad import models
from fourquad import points as p
from fourquad.device import layout, store
from fourquad.points import billing as b
from fourquad.records.flash import RamFlash
from fourquad.registers import image

POWERS = (b.ACTIVE_NET, b.REACTIVE_NET, b.APPARENT, b.CURRENT_1, b.CURRENT_2, b.CURRENT_3)
CURRENTS = POWERS[3:] + POWERS[:3]


def six(name, channels):
    """A model with six demands, of these quantities."""
    kw320 = models.load("kw320")
    return Copy(kw320, NAME=name, BILLING=Copy(kw320.BILLING, CHANNELS=channels))


def filled(model):
    """The image of a meter that has counted something."""
    one = meter(model)
    one.energy.values[p.EP_IMP] = 123456
    one.billing.demand.maxima[0] = 123456
    return bytes(one.dump())


def taken(model, payload):
    """Whether a meter takes the image; if not, it must be as new."""
    other = meter(model)
    new = bytes(other.dump())
    took = other.restore(payload)
    assert (bytes(other.dump()) == payload) if took else (bytes(other.dump()) == new)
    return took


def test_an_image_of_the_same_model_is_taken():
    assert taken(six("one", POWERS), filled(six("one", POWERS)))
    assert taken(models.load("a1000"), filled(models.load("a1000")))


def test_models_with_images_of_one_length_do_not_take_each_others_registers():
    payload = filled(six("one", POWERS))
    other = six("two", CURRENTS)
    assert len(payload) == meter(other).dump_size
    # 12.3456 kW of a maximum demand are not 123.456 A
    assert not taken(other, payload)
    # the name alone is enough, and so are the quantities alone
    assert not taken(six("two", POWERS), payload)
    assert not taken(six("one", CURRENTS), payload)


def test_an_image_of_another_length_is_not_taken():
    payload = filled(six("one", POWERS))
    assert not taken(six("one", POWERS), payload[:-8])
    assert not taken(six("one", POWERS), payload + bytes(8))
    assert not taken(six("one", POWERS), b"")


def test_billing_periods_of_another_model_are_none():
    a1000 = models.load("a1000")
    flash = RamFlash(layout.RAW_SECTORS)
    places = layout.lay(a1000.STORAGE, flash.sectors)

    def stored(model, reset=False):
        one = meter(model)
        store.connect(one, flash, places)
        if reset:
            one.billing.periods.reset(b.CAUSE_BUTTON, 3600)
        return one.points.read(p.BILLING + b.PERIODS_STORED), one.billing.periods.store.newest

    assert stored(a1000, reset=True) == (1, 1)
    assert stored(a1000) == (1, 1)
    assert stored(Copy(a1000, NAME="other")) == (0, -1)
    channels = a1000.BILLING.CHANNELS
    turned = Copy(a1000.BILLING, CHANNELS=channels[1:] + channels[:1])
    assert stored(Copy(a1000, BILLING=turned)) == (0, -1)


def test_extremes_of_another_model_are_none():
    kw320 = models.load("kw320")
    flash = RamFlash(layout.RAW_SECTORS)
    places = layout.lay(kw320.STORAGE, flash.sectors)

    def shown(model, volts=None):
        one = meter(model)
        keeper = store.connect(one, flash, places)[0]
        if volts:
            one.extremes.values[0] = volts
            one.extremes.values[1] = 2026
            one.extremes.changed = True
            keeper.snapshot()
        return one.points.read(p.EXTREME)

    assert shown(kw320, 2301) == 2301
    assert shown(kw320) == 2301
    assert shown(Copy(kw320, NAME="other")) == 0


def test_a_mark_is_the_same_on_every_machine():
    # CRC-32 of "('kw320', (1, (2, 3)))", by zlib
    assert image.mark("kw320", (1, (2, 3))) == 0xDDBD6187
