// The 128x64 display on an SPI port: what an SSD1306 or SH1106 in page addressing shows.

const WIDTH = 128;
const PAGES = 8;
const DISPLAY_OFF = 0xae;
const DISPLAY_ON = 0xaf;
// Commands that are followed by one byte of their own.
const LONG = new Set([0x20, 0x81, 0x8d, 0xa8, 0xd3, 0xd5, 0xd9, 0xda, 0xdb]);

/** Listens to `board.spi[spi]` while GPIO `select` is low; GPIO `command` low marks commands, high data. */
export class Lcd {
  constructor(board, { spi, select, command, firstColumn = 0 }) {
    this.board = board;
    this.select = select;
    this.command = command;
    this.first = firstColumn;
    this.forget();
    board.spi[spi].onWord = (word) => this.word(word & 0xff);
  }

  /** As after power-on. */
  forget() {
    this.memory = new Uint8Array(WIDTH * PAGES);
    this.lit = false;
    this.writes = 0;
    this.page = 0;
    this.column = 0;
    this.skip = false;
  }

  word(byte) {
    if (this.board.pin(this.select)) return 0;
    this.writes++;
    if (this.board.pin(this.command)) this.data(byte);
    else this.control(byte);
    return 0;
  }

  data(byte) {
    const column = this.column++ - this.first;
    if (column >= 0 && column < WIDTH) this.memory[this.page * WIDTH + column] = byte;
  }

  control(byte) {
    if (this.skip) this.skip = false;
    else if (byte === DISPLAY_ON || byte === DISPLAY_OFF) this.lit = byte === DISPLAY_ON;
    else if (byte >= 0xb0 && byte < 0xb8) this.page = byte & 7;
    else if (byte < 0x10) this.column = (this.column & 0xf0) | byte;
    else if (byte < 0x20) this.column = (this.column & 0x0f) | ((byte & 0x0f) << 4);
    else this.skip = LONG.has(byte);
  }
}
