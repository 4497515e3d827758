"""All sockets of a meter (fourquad.net), polled: at most one event a visit, and nothing that blocks."""

from fourquad import ticks
from fourquad.net import desk as d
from fourquad.net.flight import Flight

IN, OUT, ERR, HUP = 1, 4, 8, 16  # select's
NOTHING, BROKEN = -1, -2

BUFFER = 1472  # bytes that come at once, at most; a datagram of Ethernet
CONNECT_MS = 10000
NEWCOMER_MS = d.NEWCOMER_MS
QUIET_MS = d.QUIET_MS
TIME_MS = 50  # between two calls that tell a machine the time
_IN_A_ROW = 8  # requests to prompt services, after which it is another's turn
_STEP_MS = 10  # between two looks for a machine to tell it


class Switchboard:
    """One more port of device/loop.py."""

    def __init__(self, sockets):
        self.desks = []
        self.flight = Flight(sockets)
        self._sockets = sockets
        self._buffer = bytearray(BUFFER)
        self._slots = []
        self._more = 0  # slots that may have another piece
        self._found = None
        self._looked = None
        self._turn = 0
        self._prompt = 0  # how many of prompt services were served since another was
        self._stepped = 0
        self._place = 0

    def open(self, desk, port, now):
        """Begin to serve; OSError if the port is not free. `port`: None of who calls others."""
        machine = None if desk.kind == "stream" else desk.service
        handle = None
        if desk.kind == "stream":
            handle = self._sockets.listen(port, desk.most)
        elif desk.kind == "datagram":
            handle = self._sockets.datagram(port or 0)
        desk.port = port or 0
        desk.anew()
        self.desks.append(desk)
        self._slots.append(d.Slot(desk, handle, machine, now))
        return handle

    def disconnect(self, desk, now):
        """End the connections of a service."""
        for slot in list(self._slots):
            if slot.desk is desk and slot.machine and desk.kind != "datagram":
                self._drop(slot, now)
        self._found = None

    def close(self, desk, now):
        """End the connections of a service, which is not served any more."""
        for slot in list(self._slots):
            if slot.desk is desk:
                self._hang_up(slot, now)
                self._slots.remove(slot)
        desk.port = 0
        self.desks.remove(desk)
        self._found = None

    def close_all(self, now):
        """End all connections, and listen no more."""
        for desk in list(self.desks):
            self.close(desk, now)

    def attended(self):
        """Whether there is a machine that wants to be told the time."""
        return any(slot.machine or slot.desk.tick for slot in self._slots)

    def quiet(self, now):
        """Whether `poll` would find nothing to do. It looks once a millisecond."""
        if self._found is None and now != self._looked:
            self._looked = now
            self._found = self._choose(now)
        return self._found is None

    def poll(self, now):
        """Serve one event; 0, because no pause of the meter hides in an answer over the network."""
        slot = self._found or self._choose(now)
        if slot:
            self._found = None
            self._looked = None
            self._turn = slot.turn = ticks.add(self._turn, 1)
            self._prompt = self._prompt + 1 if slot.desk.prompt else 0
            slot.desk.serves(slot.peer)
            try:
                self._serve(slot, now)
            except Exception as error:
                self._give_up(slot, now, error)
            slot.desk.rests()
        return 0

    def _give_up(self, slot, now, error):
        """A service has failed, or the heap has no room for what it wants: better no answer than no meter."""
        desk = slot.desk
        desk.failed(error, now)
        self._expect(slot, False)
        if slot.machine and desk.kind != "datagram" and slot in self._slots:
            self._drop(slot, now)
        if desk.stopped and desk.kind != "datagram":
            self.disconnect(desk, now)

    def _choose(self, now):
        """Who is to be served: prompt services first, then who was served longest ago; None: nobody."""
        best = door = None
        prompt = self._prompt < _IN_A_ROW
        for handle, events in self._sockets.ready():
            self._sockets.news = True
            for slot in self._slots:
                if slot.handle is handle:
                    slot.events = events
                    if not slot.machine and slot.desk.used >= slot.desk.most:
                        # who is to be let in waits for those who may be about to leave
                        if slot.desk.patient and not d.quietest(self._slots, slot.desk, now):
                            slot.events = 0
                            slot.watch(self._sockets, 0)  # until it is told the time
                        else:
                            door = slot
                    elif best is None or d.before(slot, best, prompt):
                        if self.flight.may(slot, now):
                            best = slot
                        else:
                            slot.events &= ERR | HUP
                    break
        for slot in self._slots if self._more else ():
            if not slot.more or slot.held or best and not d.before(slot, best, prompt):
                continue
            if self.flight.may(slot, now):
                best = slot
        return best or door or self._timed(now)

    def _expect(self, slot, more):
        """Whether there may be another piece of this one: a look at nothing goes through no list."""
        if more != slot.more:
            slot.more = more
            self._more += 1 if more else -1

    def _timed(self, now):
        """The next whose machine is to be told the time, or that has been quiet for too long; or None."""
        if 0 <= ticks.diff(now, self._stepped) < _STEP_MS or not self._slots:
            return None
        self._stepped = now
        stalled = self.flight.short and self.flight.stalled(self._slots, now)
        if stalled:
            return stalled
        self._place = (self._place + 1) % len(self._slots)
        slot = self._slots[self._place]
        if slot.held or slot.more:
            return slot if slot.idle(now) else None
        wanted = slot.machine or slot.desk.tick
        return slot if wanted and not 0 <= ticks.diff(now, slot.asked) < TIME_MS else None

    def _serve(self, slot, now):
        events = slot.events
        slot.events = 0
        if self.flight.short and slot.stalled(now):
            self._end(slot, d.REPLACED, now)
        elif slot.machine is None:
            if events:
                self._accept(slot, now)
            else:
                slot.asked = now
                slot.watch(self._sockets, IN)
                slot.desk.tick(now)
        elif slot.connecting:
            self._connected(slot, events, now)
        elif slot.held:
            self._flush(slot, events, now)
        elif slot.more and not slot.idle(now):
            self._ask(slot, now)
        elif events & IN and not slot.more:
            if slot.desk.kind == "datagram":
                self._receive(slot, now)
            else:
                self._read(slot, now)
        elif events & (HUP | ERR) and slot.desk.kind != "datagram":
            self._drop(slot, now)
        else:
            self._tell_time(slot, now)

    # Connections.

    def _accept(self, listener, now):
        desk = listener.desk
        got = self._sockets.accept(listener.handle)
        if got is None:
            return
        handle, peer = got
        try:
            if not desk.admits(peer[0]) or desk.used >= desk.most and not self._make_room(desk, now):
                desk.tally(d.REFUSED)
                self._sockets.close(handle)
                return
            desk.tally(d.ACCEPTED)
            machine = desk.take()
        except Exception:
            self._sockets.close(handle)
            raise
        slot = d.Slot(desk, handle, machine, now)
        slot.turn, slot.peer = self._turn, peer
        self._slots.append(slot)
        try:
            machine.opened(peer, now)
            self._settle(slot, now)
        except Exception as error:
            self._give_up(slot, now, error)

    def _make_room(self, desk, now):
        """Close a quiet connection; whether there was one."""
        worst = d.quietest(self._slots, desk, now)
        if worst is None:
            return False
        self._end(worst, d.REPLACED, now)
        return True

    def _connected(self, slot, events, now):
        slot.asked = now
        if events and self._sockets.connected(slot.handle):
            slot.connecting = False
            slot.desk.tally(d.ACCEPTED)
            slot.heard = now
            slot.machine.opened(slot.peer, now)
            self._expect(slot, True)
            self._settle(slot, now)
        elif events or ticks.diff(now, slot.heard) >= CONNECT_MS:
            self._sockets.close(slot.handle)
            self._forget(slot)
            slot.machine.failed(now)

    def _end(self, slot, why, now):
        """End a connection that was quiet for too long: what it was sent and has not taken is lost."""
        slot.desk.tally(why)
        self._drop(slot, now, slot.flight > 0)

    def _drop(self, slot, now, at_once=False):
        """End a connection."""
        self._hang_up(slot, now, at_once)
        if slot.desk.kind == "stream":
            self._slots.remove(slot)

    def _hang_up(self, slot, now, at_once=False):
        if slot.handle is None:
            return
        self._sockets.close(slot.handle, at_once)
        connecting = slot.connecting
        self._forget(slot)
        if slot.machine and slot.desk.kind != "datagram":
            slot.desk.tell(slot.machine.failed if connecting else slot.machine.lost, now)
            if slot.desk.kind == "stream":
                slot.desk.give_back(slot.machine)

    def _forget(self, slot):
        self.flight.arrived(slot)
        self._expect(slot, False)
        slot.forget()

    # Bytes.

    def _read(self, slot, now):
        size = slot.machine.room()
        if size > BUFFER:
            size = BUFFER
        n = self._sockets.read(slot.handle, self._buffer, size) if size > 0 else NOTHING
        if n > 0:
            slot.heard = now
            slot.spoken = True
            self.flight.heard(slot)
            slot.desk.tally(d.BYTES_IN, n)
            self._put(slot, slot.machine.run(self._buffer, n, now), now)
            if not slot.more:
                slot.desk.works()
        elif n == BROKEN:
            self._drop(slot, now)
        else:
            slot.ended = n == 0
            self._settle(slot, now)

    def _receive(self, slot, now):
        got = self._sockets.receive(slot.handle, self._buffer)
        if got is None:
            return
        n, peer = got
        desk = slot.desk
        if not desk.admits(peer[0]):
            desk.tally(d.REFUSED)
            return
        desk.tally(d.BYTES_IN, n)
        desk.serves(peer)
        self._put_to(slot, slot.machine.datagram(self._buffer, n, peer, now), peer)
        if not slot.more:
            desk.works()

    def _ask(self, slot, now):
        """The next piece."""
        slot.asked = now
        desk = slot.desk
        answers = slot.more and (slot.spoken or desk.kind == "datagram")
        n = slot.machine.poll(now)
        if desk.kind == "datagram":
            self._put_to(slot, n, slot.machine.to)
        else:
            self._put(slot, n, now)
        if answers and not slot.more:
            desk.works()

    def _put_to(self, slot, n, peer):
        self._expect(slot, n > 0 or slot.machine.busy)
        if n:
            slot.desk.tally(d.BYTES_OUT, n)
            self._sockets.send(slot.handle, slot.machine.answer, n, peer)

    def _put(self, slot, n, now):
        machine = slot.machine
        self._expect(slot, machine.busy or n > 0 and not slot.desk.prompt)
        if n:
            taken = self._sockets.write(slot.handle, machine.answer, 0, n)
            if taken == BROKEN:
                self._drop(slot, now)
                return
            self._count_out(slot, taken, now)
            if taken < n:
                slot.held = bytearray(memoryview(machine.answer)[taken:n])
                slot.at = 0
                slot.asked = now
                self.flight.short = not taken
            else:
                slot.heard = now
        self._settle(slot, now)

    def _flush(self, slot, events, now):
        """Send the rest of a piece."""
        held = slot.held
        slot.asked = now
        taken = self._sockets.write(slot.handle, held, slot.at, len(held)) if events & OUT else 0
        if not events and slot.idle(now):
            self._end(slot, d.IDLE, now)
            return
        if taken == BROKEN or events and not events & OUT:
            self._drop(slot, now)
            return
        self._count_out(slot, taken, now)
        slot.at += taken
        if slot.at >= len(held):
            slot.held = None
            slot.heard = now
        elif not taken:
            self.flight.short = True
        self._settle(slot, now)

    def _count_out(self, slot, n, now):
        slot.desk.tally(d.BYTES_OUT, n)
        self.flight.sent(slot, n, now)

    def _settle(self, slot, now):
        """What is to be looked for now; the connection may be over."""
        if slot.held:
            events = OUT
        elif slot.machine.closing or slot.ended and not slot.more:
            self._drop(slot, now)
            return
        else:
            events = IN if not slot.ended and slot.machine.room() > 0 else 0
        slot.watch(self._sockets, events)

    # Time.

    def _tell_time(self, slot, now):
        slot.asked = now
        if slot.desk.stopped and slot.desk.cools(now):
            return
        if slot.handle is None:
            self._connect(slot, now)
            return
        if slot.desk.kind == "stream" and slot.idle(now):
            self._end(slot, d.IDLE, now)
        elif self.flight.may(slot, now):
            self._ask(slot, now)

    def _connect(self, slot, now):
        wanted = slot.machine.wants(now)
        if wanted is None:
            return
        slot.handle = self._sockets.connect(*wanted)
        if slot.handle is None:
            slot.machine.failed(now)
            return
        slot.peer = wanted
        slot.heard = now
        slot.connecting = True
        slot.watched = OUT
        self._sockets.watch(slot.handle, OUT)
