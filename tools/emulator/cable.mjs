// The cable of an emulated board: 100 Mbit/s either way on the board's clock, and what can be wrong with it.

const NS_PER_BYTE = 80;
const AROUND = 24; // bytes of preamble, checksum and gap
const SHORTEST = 60;
const BROADCAST_NOBODY = Buffer.concat([Buffer.alloc(6, 0xff), Buffer.from([2, 0, 0, 0, 0, 9, 0x88, 0xb5])]);

const wireNs = (frame) => (Math.max(SHORTEST, frame.length) + AROUND) * NS_PER_BYTE;

export class Cable {
  /** @param {import('./timers.mjs').Timers} timers of the board */
  constructor(timers) {
    this.timers = timers;
    /** The chip at the board's end has take(frame), the host at the other end too. */
    this.chip = this.host = null;
    this.plugged = true;
    /** Share of the frames that get lost, either way. */
    this.loss = 0;
    this.free = 0; // when the line to the board is free
    this.counts = { to_board: 0, from_board: 0, lost: 0 };
  }

  get nanos() {
    return this.timers.board.nanos;
  }

  /** Whether a frame that is on its way arrives. */
  arrives() {
    const arrives = this.plugged && !(this.loss && this.timers.board.random() < this.loss);
    if (!arrives) this.counts.lost++;
    return arrives;
  }

  /** A frame of the chip; `gone()` when it has left it. */
  fromBoard(frame, gone) {
    this.timers.after(wireNs(frame), () => {
      gone();
      this.counts.from_board++;
      if (this.arrives()) this.host.take(frame);
    });
  }

  /** A frame to the board, after those before it; `arrived()` when it has come. */
  toBoard(frame, arrived = () => {}) {
    const whole = frame.length < SHORTEST ? Buffer.concat([frame, Buffer.alloc(SHORTEST - frame.length)]) : frame;
    this.free = Math.max(this.free, this.nanos) + wireNs(whole);
    this.timers.after(this.free - this.nanos, () => {
      this.counts.to_board++;
      if (!this.arrives()) return;
      this.chip.take(whole);
      arrived();
    });
  }

  /** So many frames, evenly: `next()` gives each; broadcasts that are for nobody if it is left out. */
  flood(frames, perSecond, next = () => BROADCAST_NOBODY) {
    if (!frames) return;
    this.toBoard(next());
    this.timers.after(1e9 / perSecond, () => this.flood(frames - 1, perSecond, next));
  }
}
