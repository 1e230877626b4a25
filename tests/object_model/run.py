#!/usr/bin/env python3
"""Every order of every step of the commit protocol of a vault on an object store (vault/store/object_engine.h).

    run.py [--writers 3]

Writers with one item each send, are answered, are not answered, are killed and run again, while the network loses, delays
and repeats their requests. After each step of each order five promises must hold:

    whole      the log has no hole, and each of its items has its payload
    once       no item is in the log twice
    linear     each signed head names the log as it is and stays
    kept       an acknowledged item is under a signed head
    honest     an item that was reported as failed is not in the log

The protocol must keep them all. Variants of it, each with one rule left out, must break the one that is named: a model
that cannot fail shows nothing. Two writers take seconds, and run in every test; three take minutes. Shredding, which adds steps
before a commit and long after it, is a model of its own (shredding.py).
"""
import argparse
import sys
import time
from collections import deque
from dataclasses import dataclass, replace

import shredding

# Where a writer is.
PAY, CATCH, SEND, WAIT, ASK, WON, ACKNOWLEDGED, FAILED, DEAD = range(9)
ALIVE = (PAY, CATCH, SEND, WAIT, ASK, WON)


@dataclass(frozen=True)
class Writer:
    at: int = PAY
    slot: int = 0      # the number of the commit that it sends
    attempt: int = 0   # other bytes each time: the entries follow others
    unanswered: int = 0


@dataclass(frozen=True)
class World:
    log: tuple                     # what each number holds: (writer, attempt), or None
    heads: frozenset = frozenset()  # (number, the log up to it)
    writers: tuple = ()
    network: frozenset = frozenset()  # requests under way: (number, (writer, attempt))
    payloads: frozenset = frozenset()
    kills: int = 1
    repeats: int = 1

    def with_writer(self, index, writer, **changes):
        writers = self.writers[:index] + (writer,) + self.writers[index + 1:]
        return replace(self, writers=writers, **changes)

    def first_free(self):
        return next((n for n, held in enumerate(self.log) if held is None), None)

    def up_to(self, n):
        return self.log[:n + 1]


def broken_promises(world):
    end = world.first_free()
    end = len(world.log) if end is None else end
    held = [one for one in world.log if one]
    if any(world.log[end:]) or any(writer not in world.payloads for writer, _ in held):
        yield "whole"
    if len({writer for writer, _ in held}) != len(held):
        yield "once"
    if any(world.up_to(n) != seen for n, seen in world.heads):
        yield "linear"
    top = max((n for n, _ in world.heads), default=-1)
    under_head = {one[0] for one in world.log[:top + 1] if one}
    in_log = {writer for writer, _ in held}
    for index, writer in enumerate(world.writers):
        if writer.at == ACKNOWLEDGED and index not in under_head:
            yield "kept"
        if writer.at == FAILED and index in in_log:
            yield "honest"


def steps_of_writer(world, index, without, patience):
    """What the writer itself may do next, or what may befall it."""
    me = world.writers[index]
    mine = (index, me.attempt)
    if me.at == PAY:
        yield world.with_writer(index, replace(me, at=CATCH), payloads=world.payloads | {index})
    elif me.at == CATCH:
        free = world.first_free()
        if free is not None:
            payloads = world.payloads
            if "keep others' payloads" in without:
                named = {one[0] for one in world.log if one}
                payloads = frozenset(one for one in payloads if one in named or one == index)
            yield world.with_writer(index, replace(me, at=SEND, slot=free), payloads=payloads)
    elif me.at == SEND:
        heads = world.heads
        if "head after the race" in without:  # it is inside of the object that races
            heads |= {(me.slot, world.log[:me.slot] + (mine,))}
        yield world.with_writer(index, replace(me, at=WAIT), heads=heads, network=world.network | {(me.slot, mine)})
    elif me.at == WAIT and me.unanswered < patience:
        yield world.with_writer(index, replace(me, at=ASK, unanswered=me.unanswered + 1))
    elif me.at == ASK:
        yield from steps_of_asking(world, index, without)
    elif me.at == WON:
        yield world.with_writer(index, replace(me, at=ACKNOWLEDGED), heads=world.heads | {(me.slot, world.up_to(me.slot))})
    elif me.at == DEAD:
        if "journal" in without:  # run again, it knows nothing of what it sent
            yield world.with_writer(index, replace(me, at=CATCH, attempt=me.attempt + 1), payloads=world.payloads | {index})
        else:
            yield world.with_writer(index, replace(me, at=ASK if index in world.payloads else PAY))
    if me.at in ALIVE and world.kills:
        # What it had sent stays under way. Before it sent anything there is nothing in its journal.
        journaled = me.at in (SEND, WAIT, ASK, WON)
        dead = replace(me, at=DEAD if journaled or "journal" in without else PAY)
        yield world.with_writer(index, dead, kills=world.kills - 1)


def steps_of_asking(world, index, without):
    me = world.writers[index]
    held = world.log[me.slot]
    if held == (index, me.attempt):
        yield world.with_writer(index, replace(me, at=WON))
    elif held is not None:
        yield world.with_writer(index, replace(me, at=CATCH, attempt=me.attempt + 1))
    elif "same bytes again" in without:
        yield world.with_writer(index, replace(me, at=CATCH, attempt=me.attempt + 1))
    elif "unknown until decided" in without:
        yield world.with_writer(index, replace(me, at=FAILED))
    else:
        yield world.with_writer(index, replace(me, at=SEND))


def steps_of_network(world, without):
    for request in world.network:
        slot, content = request
        yield replace(world, network=world.network - {request})  # lost
        created = world.log[slot] is None
        log = world.log
        if created or "create only" in without:
            log = log[:slot] + (content,) + log[slot + 1:]
        for stays in (False, True) if world.repeats else (False,):
            arrived = replace(world, log=log, network=world.network if stays else world.network - {request},
                              repeats=world.repeats - stays)
            yield arrived  # and the answer is lost
            index, attempt = content
            me = world.writers[index]
            if me.at == WAIT and (me.slot, me.attempt) == (slot, attempt):
                said_yes = created or "create only" in without
                yield arrived.with_writer(index, replace(me, at=WON if said_yes else ASK))
                yield arrived.with_writer(index, replace(me, at=ASK))  # the answer is wrong, whatever was done


def explore(writers, without=frozenset(), expected=None, limit=4_000_000):
    """The promises that break in some order, and the number of worlds. Ends at the one that is expected."""
    patience, repeats = (2, 1) if writers == 2 else (1, 0)
    first = World(log=(None,) * (writers + 1), writers=(Writer(),) * writers, repeats=repeats)
    seen, queue, broken = {first}, deque([first]), set()
    while queue:
        world = queue.popleft()
        broken |= set(broken_promises(world))
        if expected in broken:
            break
        following = [step for index in range(writers) for step in steps_of_writer(world, index, without, patience)]
        for step in [*following, *steps_of_network(world, without)]:
            if step not in seen:
                seen.add(step)
                queue.append(step)
        if len(seen) > limit:
            sys.exit(f"more than {limit} worlds: the model does not end")
    return broken, len(seen)


# A rule that is left out, and the promise that it keeps.
RULES = {
    "create only": "linear",
    "journal": "once",
    "same bytes again": "once",
    "unknown until decided": "honest",
    "head after the race": "linear",
    "keep others' payloads": "whole",
}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--writers", type=int, default=2, choices=(2, 3))
    writers = parser.parse_args().writers
    failed = 0
    start = time.monotonic()
    broken, worlds = explore(writers)
    failed += bool(broken)
    print(f"{'FAILED ' if broken else 'ok     '} the protocol, {writers} writers: {worlds} worlds, "
          f"{time.monotonic() - start:.0f} s{': breaks ' + ', '.join(sorted(broken)) if broken else ''}", flush=True)
    for rule, promise in RULES.items():
        broken, worlds = explore(2, frozenset({rule}), promise)
        failed += promise not in broken
        print(f"{'ok     ' if promise in broken else 'FAILED '} without \"{rule}\" it is not {promise}: {worlds} worlds", flush=True)
    broken, worlds = shredding.explore()
    failed += bool(broken)
    print(f"{'FAILED ' if broken else 'ok     '} shredding: {worlds} worlds{': breaks ' + ', '.join(sorted(broken)) if broken else ''}")
    for rule, promise in shredding.RULES.items():
        broken, worlds = shredding.explore(frozenset({rule}), promise)
        failed += promise not in broken
        print(f"{'ok     ' if promise in broken else 'FAILED '} shredding without \"{rule}\" it is not {promise}: {worlds} worlds")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
