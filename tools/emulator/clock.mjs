// Emulated time, counted in the core's clocks between two events.

class Alarm {
  constructor(clock, callback) {
    this.clock = clock;
    this.callback = callback;
    this.next = null;
    this.nanos = 0;
    this.scheduled = false;
  }

  schedule(deltaNanos) {
    if (this.scheduled) this.clock.unlink(this);
    this.clock.link(this, this.clock.nanos + deltaNanos);
  }

  cancel() {
    if (this.scheduled) this.clock.unlink(this);
  }
}

/**
 * Takes the place of rp2040js's clock. Instructions only add to `core.cycles`; what time that makes is worked out when
 * somebody asks. The core runs instructions up to `core.limit` cycles, where the next alarm is due.
 */
export class Clock {
  constructor() {
    /** Time of the last event, from which the cycles count. */
    this.base = 0;
    this.clockNs = 8;
    this.core = { cycles: 0, limit: 0 };
    this.first = null;
  }

  get nanos() {
    return this.base + this.core.cycles * this.clockNs;
  }

  get micros() {
    return this.nanos / 1000;
  }

  /** @param {object} core @param {number} frequency of its clock */
  attach(core, frequency) {
    this.core = core;
    this.setFrequency(frequency);
  }

  setFrequency(frequency) {
    this.moveTo(this.nanos);
    this.clockNs = 1e9 / frequency;
    this.interrupt();
  }

  createAlarm(callback) {
    return new Alarm(this, callback);
  }

  link(alarm, nanos) {
    alarm.nanos = nanos;
    alarm.scheduled = true;
    let before = null;
    let after = this.first;
    while (after !== null && after.nanos < nanos) {
      before = after;
      after = after.next;
    }
    alarm.next = after;
    if (before !== null) {
      before.next = alarm;
    } else {
      this.first = alarm;
      this.interrupt();
    }
  }

  unlink(alarm) {
    alarm.scheduled = false;
    if (this.first === alarm) {
      this.first = alarm.next;
      return;
    }
    let before = this.first;
    while (before !== null && before.next !== alarm) before = before.next;
    if (before !== null) before.next = alarm.next;
  }

  /** Something has changed: the run of instructions ends after the present one. */
  interrupt() {
    this.core.limit = 0;
  }

  /** Sets how far instructions may run: to the next alarm, or to `end`. */
  setLimit(end) {
    const due = this.first !== null && this.first.nanos < end ? this.first.nanos : end;
    this.core.limit = Math.min(0x3fffffff, Math.ceil((due - this.base) / this.clockNs));
  }

  moveTo(nanos) {
    this.base = nanos;
    this.core.cycles = 0;
  }

  /** Rings all alarms that are due at `target`, each at its own time, and ends there. */
  advance(target) {
    while (this.first !== null && this.first.nanos <= target) {
      const alarm = this.first;
      this.first = alarm.next;
      alarm.scheduled = false;
      this.moveTo(alarm.nanos);
      alarm.callback();
    }
    this.moveTo(target);
  }
}
