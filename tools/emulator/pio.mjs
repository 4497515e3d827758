// The PIO's state machines as alarms of the board's clock: an instruction takes its clocks, delay and divider included,
// a machine that waits costs nothing, and queues that are joined hold eight words. (rp2040js runs them all from setTimeout
// and knows none of that.)
import { FIFO } from './core.mjs';

const IN_PINS = 0b010 << 13;
const IN_MASK = 0xe0e0;
const WAIT_PIN = 1; // WaitType.Pin of rp2040js
const MACHINE_SHIFTCTRL = 8;
const JOIN_TX = 1 << 30;
const JOIN_RX = 1 << 31;
const FAST = 4; // clocks an instruction

/** @param {number} ahead instructions at one instant that a fast machine may run, up to a word in or out of its FIFOs */
export function pacePio(mcu, ahead) {
  for (const pio of mcu.pio) {
    pio.run = () => {};
    pio.checkChangedPins = () => {
      let changed = (pio.oldPinDirections ^ pio.pinDirections) | (pio.oldPinValues ^ pio.pinValues);
      pio.oldPinDirections = pio.pinDirections;
      pio.oldPinValues = pio.pinValues;
      for (; changed; changed &= changed - 1) mcu.gpio[31 - Math.clz32(changed & -changed)]?.checkForUpdates();
    };
    for (const machine of pio.machines) paceMachine(mcu, pio, machine, ahead);
    const write = pio.writeUint32.bind(pio);
    pio.writeUint32 = (offset, value) => {
      write(offset, value);
      pio.checkChangedPins();
      for (const machine of pio.machines) machine.wake();
    };
  }
}

/** A pin has changed: machines that wait for it look at it. */
export function pinMoved(mcu, index) {
  for (const pio of mcu.pio) {
    if (pio.stopped) continue;
    for (const machine of pio.machines) {
      if (machine.waiting && machine.waitType === WAIT_PIN && machine.waitIndex === index) machine.checkWait();
    }
  }
}

function paceMachine(mcu, pio, machine, ahead) {
  let running = false;
  let pins = 32;
  const alarm = mcu.clock.createAlarm(() => run());
  const divider = () => (machine.clockDivInt || 65536) + machine.clockDivFrac / 256;
  const clockNs = () => (1e9 / mcu.clkSys) * divider();

  // reading all pins takes long: as many as the instruction wants
  Object.defineProperty(machine, 'inPins', {
    get() {
      const base = machine.inBase;
      let value = 0;
      for (let i = 0; i < pins; i++) {
        const pin = mcu.gpio[(base + i) & 31];
        if (pin?.inputValue) value |= 1 << i;
      }
      return value;
    },
  });

  const level = () => machine.rxFIFO.itemCount + 16 * machine.txFIFO.itemCount;

  function run() {
    if (!machine.enabled) return;
    running = true;
    const before = machine.cycles;
    const words = level();
    const most = divider() < FAST ? ahead : 1;
    for (let n = 0; n < most; n++) {
      const opcode = pio.instructions[machine.pc];
      pins = (opcode & IN_MASK) === IN_PINS ? opcode & 31 || 32 : 32;
      machine.step();
      pio.checkChangedPins();
      if (machine.waiting || level() !== words) break;
    }
    pins = 32;
    running = false;
    if (!machine.waiting) alarm.schedule(Math.max(1, machine.cycles - before) * clockNs());
  }

  machine.clkDivRestart = () => {};
  const write = machine.writeUint32.bind(machine);
  machine.writeUint32 = (offset, value) => {
    write(offset, value);
    if (offset !== MACHINE_SHIFTCTRL) return;
    const depths = { txFIFO: value & JOIN_TX ? 8 : value & JOIN_RX ? 0 : 4, rxFIFO: value & JOIN_RX ? 8 : value & JOIN_TX ? 0 : 4 };
    for (const [name, depth] of Object.entries(depths)) {
      if (depth && machine[name].size !== depth) machine[name] = new FIFO(depth);
    }
  };

  machine.wake = () => {
    if (!machine.enabled) alarm.cancel();
    else if (!machine.waiting && !alarm.scheduled && !running) alarm.schedule(clockNs());
  };
  const checkWait = machine.checkWait.bind(machine);
  machine.checkWait = () => {
    if (!machine.waiting) return;
    checkWait();
    if (!machine.waiting) machine.wake();
  };
}
