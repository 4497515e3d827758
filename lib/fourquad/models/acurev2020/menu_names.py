"""AcuRev 2020: what the pages of its panel show, and the pictures of the generated page. For a PC only."""

# File, names of the pages that lead there, keys pressed there, words.
SHOTS = (
    ("power", (), "", "Active power of all inputs"),
    ("current", ("AMPS", "I5"), "", "The current of input 5"),
)

# Word of a page or field, and what it is.
MEANINGS = {
    "P": "active power",
    "Q": "reactive power",
    "S": "apparent power",
    "PF": "power factor",
    "HZ": "frequency",
    "U": "voltage to neutral",
    "ULL": "voltage between lines",
    "I": "current: the sum of the inputs of a phase",
    "VOLTS": "voltages",
    "AMPS": "currents",
    "POWER": "powers by phase and by input",
    "ENERG": "energies: of the system, then of each input",
    "DEMND": "demands of the system: the last one, what is predicted, the maximum",
    "EP": "imported active energy of the system",
    "EQ": "imported reactive energy of the system",
    "ES": "apparent energy of the system",
    "P DMD": "demand of active power",
    "Q DMD": "demand of reactive power",
    "S DMD": "demand of apparent power",
    "P PRED": "what it will come to",
    "Q PRED": "what it will come to",
    "S PRED": "what it will come to",
    "P MAX": "its maximum",
    "Q MAX": "its maximum",
    "S MAX": "its maximum",
    "NET": "the network module: behind the password (0000), where there is one",
    "P01": "DHCP",
    "P02": "IP address; while DHCP is AUTO that which it has given, read only",
    "P03": "subnet mask; the same",
    "P04": "gateway; the same",
    "P05": "primary DNS server",
    "P06": "secondary DNS server",
    "P07": "port of Modbus TCP",
    "P08": "port of the web pages",
    "P09": "reset of the module: what was set takes effect",
    "P10": "the password is 0000 again",
    "DHCP": "manual or automatic",
    "PORT": "502, or from 2000 on",
    "HTTP": "80, or from 6000 on",
}
MEANINGS.update([(f"BYTE{i}", f"{i}. number") for i in range(1, 5)])
MEANINGS.update([(f"I{i}", f"current of input {i}") for i in range(1, 19)])
MEANINGS.update([(f"EP{i}", f"imported active energy of input {i}") for i in range(1, 19)])
MEANINGS.update([(f"P{i}", f"active power of input {i}") for i in range(1, 19)])
