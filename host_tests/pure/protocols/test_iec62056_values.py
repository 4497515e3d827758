"""IEC 62056-21: values of energies, demands and readings as text."""

from protocols.iec62056_fakes import NOON, Fake, checked

from fourquad import points as p
from fourquad.display.lists.items import Items
from fourquad.display.lists.matrix import Matrix
from fourquad.models.a1000.display import ITEMS, number
from fourquad.points import billing as b


def signed_on(program=0):
    fake = Fake()
    fake.program(program)
    fake.sign_on()
    return fake


def read(fake, code, kind=b"R1"):
    return checked(fake.command(kind + b"\x02" + code + b"()")).decode()


def lived():
    """A meter that had 24 kW for a quarter of an hour, was reset, had 8 kW for another, 16 kW since."""
    fake = Fake(start=NOON - 2700)
    fake.run(15, active_import=24000)
    fake.points.write(p.COMMAND + p.RESET_BY_SERIAL, 1)
    fake.run(15, active_import=8000, reactive_q1=6000)
    fake.run(7, active_import=16000)
    fake.sign_on()
    return fake


def test_values_and_formats():
    fake = lived()
    assert read(fake, b"1.8.0") == "1.8.0(00009.86*kWh)"  # 24 / 4 + 8 / 4 + 16 * 7 / 60
    assert read(fake, b"1.8.0*101") == "1.8.0*101(00006.00*kWh)"
    assert read(fake, b"1.8.0&101") == "1.8.0&101(00006.00*kWh)"
    assert read(fake, b"1.6.0*101") == "1.6.0*101(24.0000*kW)(2602081130)"
    # a period that was never closed
    assert read(fake, b"1.8.0*102") == "1.8.0*102(00000.00*kWh)"
    assert read(fake, b"1.8.0*116") == "1.8.0*116(00000.00*kWh)"
    assert read(fake, b"1.6.0*116") == "1.6.0*116(00.0000*kW)(0000000000)"
    assert read(fake, b"1.4.0") == "1.4.0(16.0000*kW)"
    assert read(fake, b"1.6.0") == "1.6.0(08.0000*kW)(2602081145)"
    assert read(fake, b"2.6.4") == "2.6.4(00.0000*kW)(0000000000)"
    assert read(fake, b"1.2.0") == "1.2.0(0024.0000*kW)"
    assert read(fake, b"13.5.0") == "13.5.0(0.800)"  # 8 kW and 6 kvar
    assert read(fake, b"0.1.0") == "0.1.0(0001)"
    assert read(fake, b"0.1.2") == "0.1.2(2602081130)"
    assert read(fake, b"0.9.4") == "0.9.4(260208115200)"


def test_average_power_factors():
    fake = Fake()
    fake.sign_on()
    assert read(fake, b"13.5.0") == "13.5.0(-)" and read(fake, b"13.15.0") == "13.15.0(-)"
    fake.run(15, active_import=3000, reactive_q1=4000)
    fake.run(5, active_export=12000, reactive_q4=5000)
    assert read(fake, b"13.5.0") == "13.5.0(0.600)"  # of the quarter of an hour
    assert read(fake, b"13.15.0") == "13.15.0(0.923)"  # of the last five minutes: 12 / 13
    assert read(fake, b"1-1:13.15.0", b"R5") == "1-1:13.15.0(0.923)"


def test_readings():
    fake = signed_on()
    assert read(fake, b"14.7.0") == "14.7.0(50.00*Hz)"
    assert read(fake, b"32.7.0") == "32.7.0(230.0*V)"
    assert read(fake, b"16.7.0") == "16.7.0(-3.4568*kW)"
    assert read(fake, b"96.50.8") == "96.50.8(9600)"
    assert read(fake, b"F.F") == "F.F(0000)"
    assert read(fake, b"96.60.23") == "96.60.23(0)(0*s)(0000000000)(0000000000)"
    assert read(fake, b"96.60.6") == "96.60.6(0)(0*s)(0000000000)(0000000000)(00000.00*kWh)(00000.00*kWh)"


def test_a_demand_of_100_kw_is_held_and_flagged():
    fake = Fake()
    fake.sign_on()
    fake.run(15, active_import=99000)
    assert read(fake, b"1.6.0") == "1.6.0(99.0000*kW)(2602081215)"
    fake.run(15, active_import=123456)
    assert read(fake, b"1.6.0") == "1.6.0(99.9999*kW)(2602081230)(OVER)"


def test_energy_with_one_decimal():
    fake = signed_on(1)
    assert write_energy(fake, b.tariff_energy(b.ACTIVE_IMPORT, 1), 9999999)
    fake.settings.write(p.ENERGY_DECIMALS, 1)
    assert read(fake, b"1.8.0") == "1.8.0(099999.9*kWh)"
    assert write_energy(fake, b.tariff_energy(b.ACTIVE_IMPORT, 1), 99999999)
    assert read(fake, b"1.8.0") == "1.8.0(999999.9*kWh)"


def write_energy(fake, pid, value):
    return fake.points.write(pid, value) == p.OK


def test_the_programming_before_the_last_is_kept():
    # item 032 of the display: number 0 is the latest, number 1 the one before
    fake = Fake()
    screen = Matrix()
    items = Items(ITEMS, fake.points)

    def shown(step):
        items.show(number("date of the last programming"), step, screen)
        date = screen.digits
        items.show(number("time of the last programming"), step, screen)
        assert screen.code == "032" and screen.storage == step - 1
        return date + " " + screen.digits

    assert shown(1).strip("- ") == shown(2).strip("- ") == ""
    fake.program(1)
    fake.program(0)
    assert shown(1) == "26-02-08 12:00:00" and shown(2).strip("- ") == ""
    fake.run(10)
    fake.program(1)
    fake.program(1)  # a key within the four minutes is no programming of its own
    assert shown(1) == "26-02-08 12:10:00" and shown(2) == "26-02-08 12:00:00"
    fake.run(10)
    fake.program(1)
    assert shown(1) == "26-02-08 12:20:00" and shown(2) == "26-02-08 12:10:00"
    assert shown(3).strip("- ") == ""


def test_seconds_of_the_demand_window():
    fake = Fake()
    fake.run(4)
    assert fake.read(p.BILLING + b.INTERVAL_SECONDS) == 240
