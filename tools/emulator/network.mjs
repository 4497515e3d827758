// The network of an emulated board: its W5500, the cable, the computer at the other end; the option and the command.
import { Cable } from './cable.mjs';
import { Host } from './host.mjs';
import { Timers } from './timers.mjs';
import { W5500 } from './w5500.mjs';

/**
 * Gives a board a network. `services` names its ports and those of this computer: `502=15020,161/udp=0`.
 * @returns {Promise<object>} this computer's ports by the board's: {"502": 15020, "161/udp": 40123}
 */
export async function connect(board, services) {
  const cable = new Cable(new Timers(board));
  const host = new Host(cable);
  board.network = new W5500(board, cable);
  const ports = {};
  for (const pair of services.split(',').filter(Boolean)) {
    const [, name, number, udp, port] = pair.match(/^((\d+)(\/udp)?)=(\d+)$/) ?? [];
    if (port === undefined) throw new Error(`--net ${pair}: must be PORT=PORT or PORT/udp=PORT`);
    ports[name] = await (udp ? host.bind(+number, +port) : host.listen(+number, +port));
  }
  return ports;
}

const share = (value) => {
  if (!(value >= 0 && value <= 1)) throw new Error('loss is 0 to 1');
  return value;
};

/** What the cable does from now on, and what has happened on it. */
export function net({ board }, { plugged, loss, dhcp, flood, half_open: halfOpen, readers, clear }) {
  if (!board.network) throw new Error('the board has no network');
  const { cable, counts } = board.network;
  const { host } = cable;
  if (plugged !== undefined) cable.plugged = !!plugged;
  if (loss !== undefined) cable.loss = share(loss);
  if (dhcp !== undefined) host.served = !!dhcp;
  if (flood) cable.flood(flood.frames, flood.per_second);
  if (halfOpen) host.halfOpen(halfOpen.port, halfOpen.count, halfOpen.per_second);
  if (readers) host.read(readers);
  const result = {
    address: host.address?.join('.') ?? null,
    hostname: host.hostname,
    chip: { ...counts },
    cable: { ...cable.counts, plugged: cable.plugged },
    host: { ...host.counts, connections: host.connections.size },
    readers: host.readers.map(({ received, open }) => ({ received, open })),
    latencies_us: host.latencies.map((ns) => Math.round(ns / 100) / 10),
  };
  if (clear) host.latencies = [];
  return result;
}
