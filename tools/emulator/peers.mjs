// Who may be at the end of a connection in place of a socket of this computer, on the board's clock.
import { EventEmitter } from 'node:events';

/** What a connection takes for a socket of this computer. */
export class Peer extends EventEmitter {
  writableLength = 0;
  setNoDelay() {}
  pause() {}
  resume() {}
  end() {}
  destroy() {}
  resetAndDestroy() {
    this.emit('reset');
  }
  write(data) {
    this.emit('answer', data);
  }
}

/** A client that says something, and then takes one byte of the answer after the other, or none at all. */
export class Reader extends Peer {
  received = 0;
  open = true;

  /**
   * @param {import('./timers.mjs').Timers} timers
   * @param {{window: number, every_ms: number}} options `window`: bytes that it has room for; `every_ms`: 0 for never
   */
  constructor(timers, { window, every_ms: everyMs = 0 }) {
    super();
    this.window = window;
    const read = () => {
      if (!this.open) return;
      if (this.writableLength) {
        this.writableLength--;
        this.received++;
        this.emit('drain');
      }
      timers.after(everyMs * 1e6, read);
    };
    if (everyMs) timers.after(everyMs * 1e6, read);
  }

  write(data) {
    this.writableLength += data.length;
  }

  end() {
    this.open = false;
  }

  destroy() {
    this.open = false;
  }

  resetAndDestroy() {
    this.open = false;
  }
}
