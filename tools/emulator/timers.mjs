// What is due at a time of the board, whatever becomes of its processor meanwhile.

export class Timers {
  /** @param {import('./board.mjs').Board} board */
  constructor(board) {
    this.board = board;
    this.waiting = [];
    this.alarm = null;
  }

  /** A new life of the processor, whose clock rings from now on. */
  attach(mcu) {
    this.alarm = mcu.clock.createAlarm(() => this.ring());
    this.arm();
  }

  /** Calls `work` in so many emulated nanoseconds; gives what `cancel` takes. What is due while power is off waits. */
  after(ns, work) {
    const entry = { at: this.board.nanos + ns, work };
    let place = this.waiting.length;
    while (place && this.waiting[place - 1].at > entry.at) place--;
    this.waiting.splice(place, 0, entry);
    if (!place) this.arm();
    return entry;
  }

  cancel(entry) {
    const place = this.waiting.indexOf(entry);
    if (place >= 0) this.waiting.splice(place, 1);
  }

  arm() {
    if (this.waiting.length) this.alarm?.schedule(Math.max(0, this.waiting[0].at - this.board.nanos));
  }

  ring() {
    // a rounded clock may ring a little early
    while (this.waiting.length && this.waiting[0].at <= this.board.nanos + 1) this.waiting.shift().work();
    this.arm();
  }
}
