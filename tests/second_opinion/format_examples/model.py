#!/usr/bin/env python3
"""All states that a few custodians reach by acts of law: nobody takes a vault over alone, and there is a way out of each.

    model.py [DEPTH]

It asks the rules of tools/verify_bundle.py, with signatures taken for right. Person 1 is robbed: somebody else has the key, too.
"""
import copy
import sys
from build import Vault
from collections import deque
from pieces import ORIGIN, TIME, Key
from vectors import sha256

import run

verify = run.load_own()
ALL_RULES = list(verify.RULED)
KEYS = {f"k{number}": Key(f"{ORIGIN}/k{number}", sha256(b"model %d" % number)) for number in range(1, 9)}


def entry_of(number, members, actor, cosigner=None):
    value = {"v": 1, "type": None, "origin": ORIGIN, "seq": number, "prev": "0" * 64, "law": 0, "time": TIME, "actor": actor,
             **({"cosigner": cosigner} if cosigner else {}), **members}
    return verify.Entry(number, b"", sha256(b"%d" % number), value, verify.form_of(value), b"", [])


class State:
    """The rules' state, without what only grows."""

    def __init__(self, custody, number):
        self.custody, self.number = custody, number

    def key(self):
        """Positions of suspensions in their order, not their numbers."""
        custody = self.custody
        suspensions = tuple((one.by, tuple(sorted(one.stopped))) for _, one in sorted(custody.suspensions.items()))
        return (tuple(sorted((actor, member.person) for actor, member in custody.members.items())), bool(custody.two), suspensions,
                tuple(sorted(custody.suspended_before)), custody.recovery is not None, len(custody.recoveries))

    def after(self, members, actor, cosigner=None):
        """The state after an act, or None where it breaks a rule."""
        custody = copy.copy(self.custody)
        for name in ("members", "former", "publics", "actors", "handles", "two", "suspended_before", "recoveries", "remarks", "compromised", "stamps"):
            setattr(custody, name, copy.copy(getattr(custody, name)))
        custody.suspensions = {number: verify.Suspension(one.by, set(one.stopped)) for number, one in custody.suspensions.items()}
        custody.log_keys = copy.deepcopy(custody.log_keys)
        entry = entry_of(self.number, members, actor, cosigner)
        try:
            custody.signers(entry)
            custody.change(entry)
        except verify.Finding:
            return None
        return State(custody, self.number + 1)

    def acts(self):
        """Every act of law that the model knows, whoever might sign it."""
        custody = self.custody
        number = custody.highest + 1
        if number <= 7:
            yield {"type": "custodian", "act": "admit", "custodian": {"person": number, "key": KEYS[f"k{number}"].text, "roles": ["custodian"]}}
        for actor in custody.members:
            yield {"type": "custodian", "act": "retire", "retired": actor}
        for person in sorted({member.person for member in custody.members.values()}):
            yield {"type": "suspend", "act": "suspend", "person": person}
        for at, one in custody.suspensions.items():
            for person in one.stopped:
                yield {"type": "suspend", "act": "lift", "suspend": at, "person": person}
        yield {"type": "rule", "two": [] if custody.two else ALL_RULES}

    def next(self, persons):
        """Each act that these persons can do among themselves, and the state after it."""
        actors = [actor for actor, member in self.custody.members.items() if member.person in persons]
        for act in self.acts():
            for actor in actors:
                for cosigner in [None, *(other for other in actors if other != actor)]:
                    state = self.after(act, actor, cosigner)
                    if state:
                        yield act, state
        if self.custody.recovery and self.custody.highest < 7 and persons != {1}:
            new = KEYS[f"k{self.custody.highest + 1}"]
            act = {"type": "recovery", "custodian": {"person": self.custody.highest + 1, "key": new.text, "roles": ["custodian"]}}
            state = self.after(act, verify.actor_of(self.custody.recovery), new.actor)
            if state:
                yield act, state


def start(people, rule, recovery):
    vault = Vault("model", recovery=recovery)
    genesis = verify.parse_entry(vault.entries[0])
    custody = verify.Custody(genesis, {})
    custody.members, custody.former, custody.publics, custody.actors, custody.handles, custody.highest = {}, {}, set(), set(), {}, 0
    for number in range(1, people + 1):
        custody.take_key(verify.parse_key(KEYS[f"k{number}"].text, ""), ["custodian"], number, None, TIME)
    state = State(custody, 10)
    if rule:
        state = state.after({"type": "rule", "two": ALL_RULES, **({"recovery": True} if recovery else {})}, KEYS["k1"].actor, KEYS["k2"].actor)
    return state


def reach(first, persons, depth):
    """All states that these persons reach, with their distance."""
    seen, waiting = {first.key(): first}, deque([(first, 0)])
    while waiting:
        state, distance = waiting.popleft()
        if distance == depth:
            continue
        for _, after in state.next(persons):
            if after.key() not in seen:
                seen[after.key()] = after
                waiting.append((after, distance + 1))
    return seen.values()


def takes_over(state):
    """Whether person 1 alone can do what a rule asks two for."""
    return any(act["type"] != "suspend" and not (act.get("act") == "retire" and KEYS["k1"].actor == act["retired"]) for act, _ in state.next({1}))


def has_way_out(state, depth):
    """Whether all but person 1 come to act again: to admit somebody."""
    others, seen, waiting = set(range(2, 8)), {state.key()}, deque([(state, 0)])
    while waiting:
        one, distance = waiting.popleft()
        for act, after in one.next(others):
            if act.get("act") == "admit":
                return True
            if distance < depth and after.key() not in seen:
                seen.add(after.key())
                waiting.append((after, distance + 1))
    return False


def main(words):
    depth, wrong = int(words[0]) if words else 4, []
    for recovery in (True, False):
        for people in (2, 3, 4):
            alone = list(reach(start(people, True, recovery), {1}, 6))
            wrong += [f"{people} persons, recovery {recovery}: person 1 alone: {state.key()}" for state in alone if takes_over(state)]
            # Where person 1 is one of two, a rule of two lets a refusal stop the vault; without a rule one alone does all; and who
            # recovers has the vault. These are what they are asked to be.
            everyone = set(range(1, 8))
            states = list(reach(start(people, True, recovery), everyone if people < 4 else {1}, depth))
            asked = [state for state in states if state.custody.two and len(state.custody.persons() - {1}) > 1 and not state.custody.recoveries]
            stuck = [state for state in asked if not has_way_out(state, 4)]
            wrong += [f"{people} persons, recovery {recovery}: no way out: {state.key()}" for state in stuck[:5]]
            print(f"{people} persons, {'a' if recovery else 'no'} recovery key: {len(alone)} states by person 1 alone, {len(states)} by all; {len(stuck)} without a way out")
    print("\n".join([*wrong, f"{len(wrong)} wrong"]))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
