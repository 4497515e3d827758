"""KW320: what the page about its panel shows in addition to the tables, for people. No board loads it."""

# Pictures: (file name, keys and pauses in ms, words below it). The first is the picture of the meter.
SHOTS = (
    ("voltage", (), "Phase voltages, and energy below"),
    ("power", (1,), "P: active power"),
    ("angles", (0,), "H: angles of the voltages"),
    ("modes", (4, 2, 2), "H and V/A: the mode is chosen"),
    ("password", (4, 2, 2, 3, 3100, 1), "The password is asked for"),
    ("setting", (4, 2, 2, 3, 3100, 3, 3, 1, 1, 1, 1, 1, 1, 1, 3), "Setting: PT1 is edited"),
    ("maximum", (4, 1, 3), "Max/Min: maxima of the phase voltages"),
    ("minimum", (4, 1, 3, 3, 1), "V/A: minima; P: the next page"),
    ("demand", (4, 1, 1, 3), "Demand: of the system's powers"),
    ("thd", (4, 1, 1, 1, 3), "Harmonic: THD of the voltages"),
    ("harmonic", (4, 1, 1, 1, 3, 3, 1, 1, 1), "V/A and P: the fifth of the voltages"),
    ("alarms", (4, 2, 2, 3, 3100, 3, 1, 1, 3, 1, 1, 3), "ALM: which channels are on"),
    ("inputs", (4, 2, 3), "Digital I/O: inputs of the first module"),
)

# What the manual does not say, and what was decided.
NOTES = """\
## How it was read

The figures of chapter 3 are lost in the scan. The notes give some of the order ("third screen: line voltage
& avg, fourth: three phase current & avg", "fifth: system power, sixth: system power factor & frequency",
what 2LL, 3LL, 1LN and 1LL leave out); the rest of the order is ours. Ours, too:

- A single-phase meter (1LN) also shows the frequency; two phases (1LL) show the line voltage between them,
  without average.
- Angles are those by which a quantity lags V1 (V12 in 2LL and 3LL). Unbalance is shown for three phases
  only.
- A key's event comes when it is released, or after 0.4 s; H and V/A are "together" when the second follows
  within 0.4 s.
- H and V/A again leave the choice of the mode, and so do 30 s without a key. Three minutes without a key
  leave the setting mode; a value that was not confirmed is forgotten.
- S01 is 0FFEH and S34 is 1038H; S35, after them, is the sub-interval of the rolling demand, which has no
  register.
- A group is offered only when it has something to set: I/O while a module is connected, with the pages of the
  connected ones alone; the module stands in the third row. NET is there with the network module. An address
  stands in the four rows, a number each; H goes through its twelve digits. While DHCP is AUTO
  N02 to N04 show what it gave, and cannot be changed. N11 and N12 (WiFi, second Ethernet) are missing: a
  board with a radio is told its network by `fourquad wifi`, and none has a second Ethernet.
- ALM: which channels are on, are pairs (AND) or go to a digital output are bits in hexadecimal digits, the
  first channel the last bit. CODE is what a channel watches, TIME its delay; SET is the set point as its
  register has it, with a sign in the first place unless the channel watches the frequency.
- AO1 SEL is the number of what AO1 follows (10C2H), GRAD, IN and OUT its curve (10D0H-10D8H). IN has a sign,
  the first place, unless AO1 follows the frequency.
- Digital I/O is there while a module is connected; P and E turn its screens, from module to module: inputs,
  their counts, relays, outputs, analog values. Counts have four digits, k and M.
- After V/A the page shows the stored value and OK; a value out of range shows ERR and stays under edit; a
  sealed parameter shows SEAL and cannot be changed. Choices that this meter does not take are left out.
- Max/Min shows the values on the primary side, dashes for what has not occurred since they were cleared; the
  times are in the registers. The current demands have maxima only.
- Demand: P and E turn between its two screens, as in Max/Min; the demands are of the last window that ended.
- Harmonic: which sum it is stands in the fourth row (ODD, EVEN, THFF, CF, KF); the order of a harmonic after
  the icon (U05). V/A changes between voltages and currents and keeps the order. In 2LL and 3LL the voltages
  are V12, V31, V23, as in the registers.
- Numbers have four digits: V and A to 999.9, then k; power from 0.001 kW, from 1000 kW in MW; more than
  that is dashes.
- After a power cut the page comes back; from the setting mode it is the voltage page. With the backlight
  off, the first key (or H+V/A) only lights it. A screen of a module that is gone is the voltage page too, or
  that of another module.
"""
