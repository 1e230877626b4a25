"""The page that the program writes into a bundle: the one that is tested here, with what the bundle holds."""
import json
import os
import random
import re

from damage import tampering  # of tests/second_opinion
from judging import NOTE, World, files_of
from made_page import static_page
from page import expect


def the_program_writes_this_page(case):
    world = World(case.folder, case.binaries)
    world.add("a.txt", NOTE, "--case", "IR-1", "--description", "found on fs01")
    bundle = world.export([1], "good")
    head, rest = (bundle / "report.html").read_text().split('id="data">')
    data, tail = rest.split("</script>", 1)
    wanted = static_page().split("{{data}}")
    expect(head + 'id="data">' == wanted[0] and "</script>" + tail == wanted[1], "the program's page has other parts")
    expect(not re.search(r"[<>&\u2028\u2029]", data), "the data are not escaped")
    said = json.loads(data)
    files = {f"log/{path.name}": path.read_bytes().decode() for path in (bundle / "log").iterdir()}
    expect(said["files"] == files, f"the page has {sorted(said['files'])} of {sorted(files)}, or other bytes")


def the_programs_bundles_hold_on_their_pages(case):
    world = World(case.folder, case.binaries)
    world.add("a.txt", NOTE, "--case", "IR-1", "--description", "found on fs01")
    world.add("b.log", b"Feb 18 02:03:04 fs01 sshd[1]: Failed password\n" * 60_000)
    world.exhibit("hold", "1", "--authority", "12 Cv 3", "--reason", "litigation")
    plain = world.export([1, 2], "plain")
    world.tool("age-keygen", "-o", "friend.txt")
    friend = world.tool("age-keygen", "-y", "friend.txt").decode().strip()
    sealed = world.export([1, 2], "sealed", "--recipient", friend)
    of_items, of_acts = ["a.txt", "b.log", "IR-1", "found on fs01"], ["12 Cv 3", "Tester"]
    friend_key = (world.folder / "friend.txt").read_text()
    for bundle, identity, told in ((plain, None, [*of_items, *of_acts]), (sealed, None, []), (sealed, friend_key, of_items)):
        case.show(bundle / "report.html")
        said = case.check(bundle, world.made["fingerprint"], identity)
        expect(said["status"] == 0 and said["misshown"] == 0 and said["ticks"] == ["\u2713 holds"] * 2, said)
        shown = case.text()
        for one in (*of_items, *of_acts):
            expect((one in shown) == (one in told), f"{one}: {shown}")
        expect(not case.complaints(), case.complaints())


def judge_damage(case, world, good, words, identity=None):
    """Each file in each way, with manifests as they were and put right: the page gives the status of exhibit-verify."""
    names, wrong, seen, anchor = files_of(good), [], set(), world.made["fingerprint"]
    cells = [(f"{name}: {what}, manifests {manifests}", change, manifests) for name in names for what, change, _ in tampering(name, names)
             for manifests in ("as they were", "put right") if what != "a link"]  # which no browser tells from a file
    case.show_page_of(good)
    for name, change, manifests in cells if os.environ.get("EXHIBIT_ALL") else random.Random(1).sample(cells, 40):
        place = world.changed(good, change, manifests)
        status, said = world.first(place, ["--fingerprint", anchor, *words])[0], case.check(place, anchor, identity)
        seen.add(status)
        if said["status"] != status:
            wrong.append(f"{name}: exhibit-verify {status}, the page {said['status']}: {said['text'][:300]}")
    expect(not wrong, "\n".join(wrong))
    expect(seen >= {1, 3}, seen)


def what_is_damaged_is_judged_alike(case):
    world = World(case.folder, case.binaries)
    world.add("a.txt", NOTE)
    world.add("b.log", b"Feb 18 02:03:04 fs01 sshd[1]: Failed password\n" * 3000)
    judge_damage(case, world, world.export([1, 2], "plain"), [])
    world.tool("age-keygen", "-o", "friend.txt")
    friend = world.tool("age-keygen", "-y", "friend.txt").decode().strip()
    sealed = world.export([1, 2], "sealed", "--recipient", friend)
    judge_damage(case, world, sealed, ["-i", "friend.txt"], (world.folder / "friend.txt").read_text())
