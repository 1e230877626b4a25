"""Every order of every step of shredding under locks (vault/store/placing_anew.h, vault/work/sweep.h).

Three items lie in one object. Two writers shred one of them each, and place anew what stays; a sweeper deletes objects of which
nothing is used; somebody with the credentials of the bucket and no key writes a commit of his own, or changes where one says
that things lie. A writer may be killed once. Two promises:

    kept       what no signed entry shredded is in some object
    gone       once all is done, no object that is used holds what was shredded
"""
from collections import deque
from dataclasses import dataclass, replace

PLAN, SEND, HEAD, DONE = range(4)
FIRST, NOWHERE = "first", "nowhere"  # the object that all lay in, and one that is not there
VICTIMS = ("a", "b")                 # what each writer shreds; nobody shreds c


@dataclass(frozen=True)
class Commit:
    shreds: frozenset = frozenset()     # what its entry shreds, which is signed
    destroyed: frozenset = frozenset()  # what its record says
    moves: frozenset = frozenset()      # (item, object)
    is_signed: bool = True


@dataclass(frozen=True)
class Writer:
    at: int = PLAN
    slot: int = 0
    attempt: int = 0
    moves: frozenset = frozenset()


@dataclass(frozen=True)
class World:
    objects: frozenset = frozenset({(FIRST, frozenset("abc"))})  # (name, what is in it)
    log: tuple = (Commit(),)
    heads: int = 1                   # so many commits are under a signed head
    writers: tuple = (Writer(), Writer())
    kills: int = 1
    forgeries: int = 1

    def with_writer(self, index, writer, **changes):
        return replace(self, writers=self.writers[:index] + (writer,) + self.writers[index + 1:], **changes)


def places(log):
    """Where each item is, as these commits say; nothing of what was shredded, which does not come back."""
    at = {"a": FIRST, "b": FIRST, "c": FIRST}
    for commit in log:
        for item in commit.destroyed:
            at.pop(item, None)
        for item, name in commit.moves:
            if item in at:
                at[item] = name
    return at


def is_whole(world):
    return all(commit.is_signed for commit in world.log)


def plan(world, victim):
    """What stays and lies in one object with something that is shredded."""
    at = places(world.log)
    at.pop(victim, None)
    return frozenset(item for item, name in at.items() if dict(world.objects).get(name, frozenset()) - set(at))


def steps_of_writer(world, index, without):
    me, victim = world.writers[index], VICTIMS[index]
    if me.at == PLAN and is_whole(world):
        stays, name = plan(world, victim), f"{index}.{me.attempt}"
        objects = world.objects | ({(name, stays)} if stays else set())
        yield world.with_writer(index, replace(me, at=SEND, slot=len(world.log), moves=frozenset((item, name) for item in stays)),
                                objects=objects)
    elif me.at == SEND and me.slot == len(world.log):
        yield world.with_writer(index, replace(me, at=HEAD),
                                log=world.log + (Commit(frozenset({victim}), frozenset({victim}), me.moves),))
    elif me.at == SEND and is_whole(world):  # others came before
        if "plan again" in without:
            yield world.with_writer(index, replace(me, slot=len(world.log)))
        else:
            yield world.with_writer(index, replace(me, at=PLAN, attempt=me.attempt + 1))
    elif me.at == HEAD and all(commit.is_signed for commit in world.log[:me.slot + 1]):
        yield world.with_writer(index, replace(me, at=DONE), heads=max(world.heads, me.slot + 1))
    if world.kills and me.at == SEND:  # what it had put stays; another one begins anew
        yield world.with_writer(index, Writer(attempt=me.attempt + 1), kills=world.kills - 1)


def steps_of_sweeper(world, without):
    log = world.log[:world.heads]
    used = set(places(log).values())
    shredded = frozenset().union(*(commit.shreds for commit in log))
    named = {FIRST} | {name for commit in log for _, name in commit.moves}
    objects = dict(world.objects)
    for name in (named - used) & set(objects):
        stays = {item: at for item, at in places(log).items() if item in objects[name]}
        is_there = all(item in objects.get(at, frozenset()) for item, at in stays.items())
        is_signed = objects[name] - set(stays) <= shredded
        if (is_there or "compare" in without) and (is_signed or "signed entry" in without):
            yield replace(world, objects=world.objects - {(name, objects[name])})


def steps_of_stranger(world):
    if not world.forgeries:
        return
    everything = frozenset("abc")
    for lie in ({"moves": frozenset((item, NOWHERE) for item in everything)}, {"destroyed": everything}):
        yield replace(world, forgeries=0, log=world.log + (Commit(is_signed=False, **lie),))
        for n, commit in enumerate(world.log):
            yield replace(world, forgeries=0, log=world.log[:n] + (replace(commit, **lie),) + world.log[n + 1:])


def broken_promises(world):
    there = set().union(*(inside for _, inside in world.objects)) if world.objects else set()
    shredded = frozenset().union(*(commit.shreds for commit in world.log))
    if any(item not in there for item in "abc" if item not in shredded):
        yield "kept"
    if all(writer.at == DONE for writer in world.writers) and world.forgeries:
        at = places(world.log)
        if any(inside - set(at) for name, inside in world.objects if name in at.values()):
            yield "gone"


def explore(without=frozenset(), expected=None):
    """The promises that break in some order, and the number of worlds. Ends at the one that is expected."""
    seen, queue, broken = {World()}, deque([World()]), set()
    while queue:
        world = queue.popleft()
        broken |= set(broken_promises(world))
        if expected in broken:
            break
        steps = [step for index in range(2) for step in steps_of_writer(world, index, without)]
        for step in [*steps, *steps_of_sweeper(world, without), *steps_of_stranger(world)]:
            if step not in seen:
                seen.add(step)
                queue.append(step)
    return broken, len(seen)


# A rule that is left out, and the promise that it keeps.
RULES = {"plan again": "gone", "signed entry": "kept", "compare": "kept"}
