// Pads: what a pin reads when it is driven from outside, by the board itself, or left open.

/**
 * Makes the input of every pin follow the world: an outside level first, else the board's own output, else its pull.
 * rp2040js reads every undriven pin as low, so that a key with a pull-up would be pressed for ever.
 * @param {object} mcu
 * @param {(0|1|null)[]} outside levels by pin; kept by the board over resets
 */
export function wirePads(mcu, outside) {
  for (const pin of mcu.gpio) {
    Object.defineProperty(pin, 'rawInputValue', {
      get() {
        const level = outside[pin.index];
        if (level !== null) return level === 1;
        if (pin.outputEnable) return pin.outputValue;
        return pin.pullupEnabled;
      },
      set() {}, // set through `outside`; setInputValue() is still what raises the edge
    });
  }
}

/** Level that the board drives a pin to, or null when it does not drive it. */
export function drivenLevel(pin) {
  if (!pin.outputEnable) return null;
  return pin.outputValue ? 1 : 0;
}
