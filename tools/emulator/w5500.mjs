// A WIZnet W5500 on SPI0 (data sheet 1.1.0), as far as Ethernet frames need it: reset, common registers, the eight
// sockets' registers and buffers, socket 0 in MACRAW with its filter of addresses, INTn, the link. Not modelled: sockets
// in TCP and UDP modes, PPPoE, wake on LAN, power down.

// 4.1, common registers
const MR = 0x00;
const MR_RST = 0x80;
const SHAR = 0x09;
const SIR = 0x17;
const SIMR = 0x18;
const RTR = 0x19;
const RCR = 0x1b;
const PHYCFGR = 0x2e;
const VERSIONR = 0x39;
const COMMON_SIZE = 0x40;
const PHY_FULL_100 = 0xbe; // all but the link
// 4.2, registers of a socket
const SOCKETS = 8;
const SOCKET_SIZE = 0x30;
const [S_MR, S_CR, S_IR, S_SR] = [0, 1, 2, 3];
const [RXBUF_SIZE, TXBUF_SIZE] = [0x1e, 0x1f];
const [TX_FSR, TX_RD, TX_WR, RX_RSR, RX_RD, RX_WR, S_IMR] = [0x20, 0x22, 0x24, 0x26, 0x28, 0x2a, 0x2c];
const MACRAW = 4;
const MFEN = 0x80;
const [OPEN, CLOSE, SEND, RECV] = [0x01, 0x10, 0x20, 0x40];
const [IR_RECV, IR_SENDOK] = [0x04, 0x10];
const [SOCK_CLOSED, SOCK_MACRAW] = [0x00, 0x42];
const READ_ONLY = new Set([S_SR, TX_FSR, TX_FSR + 1, TX_RD, TX_RD + 1, RX_RSR, RX_RSR + 1, RX_WR, RX_WR + 1]);

export const WIRING = { spi: 0, select: 17, reset: 20, interrupt: 21 };

class Socket {
  constructor(chip, n) {
    Object.assign(this, { chip, n, registers: new Uint8Array(SOCKET_SIZE) });
    this.tx = new Uint8Array(16384);
    this.rx = new Uint8Array(16384);
    this.forget();
  }

  forget() {
    this.registers.fill(0);
    this.registers[RXBUF_SIZE] = this.registers[TXBUF_SIZE] = 2;
    this.registers[S_IMR] = 0xff;
    this.empty();
  }

  empty() {
    this.taken = 0; // RX_RD as the last RECV has told
    for (const register of [TX_RD, TX_WR, RX_RD, RX_WR]) this.set16(register, 0);
  }

  get16(register) {
    return (this.registers[register] << 8) | this.registers[register + 1];
  }

  set16(register, value) {
    this.registers[register] = value >> 8;
    this.registers[register + 1] = value;
  }

  /** Bytes of the buffers. */
  get sendSize() {
    return this.registers[TXBUF_SIZE] * 1024;
  }

  get receiveSize() {
    return this.registers[RXBUF_SIZE] * 1024;
  }

  get received() {
    return (this.get16(RX_WR) - this.taken) & 0xffff;
  }

  read(register) {
    if (register >= SOCKET_SIZE) return 0;
    const free = this.sendSize - ((this.get16(TX_WR) - this.get16(TX_RD)) & 0xffff);
    const whole = { [TX_FSR]: free, [RX_RSR]: this.received }[register & ~1];
    return whole === undefined ? this.registers[register] : (register & 1 ? whole : whole >> 8) & 0xff;
  }

  write(register, value) {
    if (register === S_CR) this.command(value);
    else if (register === S_IR) this.registers[S_IR] &= ~value;
    else if (register < SOCKET_SIZE && !READ_ONLY.has(register)) this.registers[register] = value;
    this.chip.drive();
  }

  raise(bits) {
    this.registers[S_IR] |= bits;
    this.chip.drive();
  }

  command(code) {
    const { registers } = this;
    if (code === OPEN) {
      this.empty();
      const frames = (registers[S_MR] & 15) === MACRAW && this.n === 0;
      registers[S_SR] = frames ? SOCK_MACRAW : SOCK_CLOSED;
    } else if (code === CLOSE) registers[S_SR] = SOCK_CLOSED;
    else if (code === SEND && registers[S_SR] === SOCK_MACRAW) this.send();
    else if (code === RECV) this.taken = this.get16(RX_RD);
  }

  send() {
    const from = this.get16(TX_RD);
    const frame = Buffer.alloc((this.get16(TX_WR) - from) & 0xffff);
    for (let i = 0; i < frame.length; i++) frame[i] = this.tx[(from + i) & (this.sendSize - 1)];
    this.set16(TX_RD, this.get16(TX_WR));
    this.chip.counts.sent++;
    this.chip.cable.fromBoard(frame, () => this.raise(IR_SENDOK));
  }

  /** A frame with its length before it, which counts itself; lost where there is no room. */
  receive(frame) {
    const size = frame.length + 2;
    if (size > this.receiveSize - this.received) return false;
    const at = this.get16(RX_WR);
    const put = (i, byte) => (this.rx[(at + i) & (this.receiveSize - 1)] = byte);
    put(0, size >> 8);
    put(1, size);
    frame.forEach((byte, i) => put(i + 2, byte));
    this.set16(RX_WR, at + size);
    this.raise(IR_RECV);
    return true;
  }
}

export class W5500 {
  /** @param {import('./board.mjs').Board} board @param {import('./cable.mjs').Cable} cable @param {object} [wiring] */
  constructor(board, cable, wiring = {}) {
    const { spi, select, reset, interrupt } = { ...WIRING, ...wiring };
    Object.assign(this, { name: 'w5500', board, cable, interrupt });
    this.common = new Uint8Array(COMMON_SIZE);
    this.sockets = Array.from({ length: SOCKETS }, (_, n) => new Socket(this, n));
    this.clearStats();
    this.restart();
    board.spi[spi].onWord = (word) => (this.place === null ? 0xff : this.word(word & 0xff));
    board.onPin(select, (level) => (this.place = level === 0 ? 0 : null));
    board.onPin(reset, (level) => level === 0 && this.restart());
    board.devices.push(this);
    cable.chip = this;
  }

  clearStats() {
    this.counts = { sent: 0, received: 0, dropped: 0, spi_bytes: 0 };
  }

  attach(mcu) {
    this.cable.timers.attach(mcu);
  }

  /** Power was off: it begins anew. */
  powerUp() {
    this.restart();
  }

  restart() {
    this.place = null;
    this.common.fill(0);
    this.common[RTR] = 0x07;
    this.common[RTR + 1] = 0xd0;
    this.common[RCR] = 8;
    this.common[VERSIONR] = 4;
    for (const socket of this.sockets) socket.forget();
    this.drive();
  }

  /** INTn is low while a socket that may interrupt has something to tell. */
  drive() {
    const low = this.raised((socket) => socket.registers[S_IR] & socket.registers[S_IMR]) & this.common[SIMR];
    this.board.setPin(this.interrupt, low ? 0 : 1);
  }

  raised(bits) {
    return this.sockets.reduce((mask, socket) => mask | (bits(socket) ? 1 << socket.n : 0), 0);
  }

  /** 2.2: two bytes of address, one of block and direction, data. */
  word(byte) {
    this.counts.spi_bytes++;
    const place = this.place++;
    if (place === 0) this.address = byte << 8;
    else if (place === 1) this.address |= byte;
    else if (place === 2) [this.block, this.writes] = [byte >> 3, (byte & 4) !== 0];
    else {
      const address = this.address;
      this.address = (address + 1) & 0xffff;
      if (!this.writes) return this.read(address);
      this.write(address, byte);
    }
    return 0;
  }

  read(address) {
    const socket = this.sockets[this.block >> 2];
    const kind = this.block & 3;
    if (kind === 1) return socket.read(address);
    if (kind === 2) return socket.tx[address & (socket.sendSize - 1)];
    if (kind === 3) return socket.rx[address & (socket.receiveSize - 1)];
    if (this.block) return 0;
    if (address === SIR) return this.raised((each) => each.registers[S_IR]);
    if (address === PHYCFGR) return PHY_FULL_100 | (this.cable.plugged ? 1 : 0);
    return this.common[address] ?? 0;
  }

  write(address, value) {
    const socket = this.sockets[this.block >> 2];
    const kind = this.block & 3;
    if (kind === 1) socket.write(address, value);
    else if (kind === 2) socket.tx[address & (socket.sendSize - 1)] = value;
    else if (this.block === 0 && address === MR && value & MR_RST) this.restart();
    else if (this.block === 0 && address < PHYCFGR && address !== SIR) {
      this.common[address] = value;
      this.drive();
    }
  }

  /** A frame at the end of its way. */
  take(frame) {
    const [socket] = this.sockets;
    const filtered = socket.registers[S_MR] & MFEN && !(frame[0] & 1);
    const mine = !filtered || frame.compare(this.common, SHAR, SHAR + 6, 0, 6) === 0;
    if (socket.registers[S_SR] !== SOCK_MACRAW || !mine) return;
    if (socket.receive(frame)) this.counts.received++;
    else this.counts.dropped++;
  }
}
