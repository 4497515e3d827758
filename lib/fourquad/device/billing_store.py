"""What a meter's billing keeps in flash besides its registers: periods and load profile."""

from struct import pack

from fourquad.device.store import mount


def connect(meter, billing, flash, places):
    """The stores of billing.billing.Billing, as far as its table has them."""
    stores = []
    periods = ring = None
    # only what a model has is imported
    if billing.table.PERIODS:
        from fourquad.records.periods import Periods

        size = billing.periods.record_size
        mark = meter.mark("periods", size, billing.layout)
        periods = Periods(flash, *places["periods"], size, mark & 0xFFFF)
        stores.append(mount(periods, meter))
    if billing.table.PROFILE:
        from fourquad.records.profile import ProfileRing

        mark = meter.mark("profile", billing.layout)
        ring = ProfileRing(flash, *places["profile"], tag=pack("<I", mark))
        stores.append(mount(ring, meter))
    billing.connect(periods, ring)
    return stores
