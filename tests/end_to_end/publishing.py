"""A log as static files, which anybody verifies and nobody reads twice."""
import json
import shutil

from servers import Mirror
from world import expect


def a_published_log_is_verified_by_anybody_and_only_what_is_new_is_read(world):
    made = world.init()
    world.write("in/a", b"one")
    world.run("add", "in")
    world.run("publish", "www/log")
    expect((world.folder / "www/log/tile/0/000.p/2").stat().st_size == 64)
    reader = {"XDG_STATE_HOME": str(world.folder / "reader"), "EXHIBIT_VAULT": "/nonexistent"}
    with Mirror(world.folder / "www", lambda path, _: "redirect /log/checkpoint" if "moved" in path else None) as mirror:
        first = json.loads(world.run("verify-log", f"{mirror.url}/log", "--fingerprint", made["fingerprint"], "--json", **reader).stdout)
        expect(first["ok"] and first["checked"]["entries"] == 2, first)
        for name in ("b", "c"):
            world.write(f"in/{name}", name.encode())
            world.run("add", f"in/{name}")
        grown = world.json("publish", "www/log")
        expect(grown["before"] == 2 and grown["checkpoint"]["size"] == 4)
        second = json.loads(world.run("verify-log", f"{mirror.url}/log", "--json", **reader).stdout)
        expect(second["ok"] and second["replayed_from"] == 2 and second["checked"]["entries"] == 2, second)
        expect("kept in" in second["taken_on_trust"][0])
        whole = json.loads(world.run("verify-log", "www/log", "--whole", "--json", **reader).stdout)
        expect(whole["checked"]["entries"] == 4)
        expect(b"redirect" in world.run("verify-log", f"{mirror.url}/moved", expect=1, **reader).stderr)
        expect(b"404" in world.run("verify-log", f"{mirror.url}/nowhere", expect=1, **reader).stderr)
    with Mirror(world.folder / "www", lambda path, _: "packed") as mirror:
        packed = json.loads(world.run("verify-log", f"{mirror.url}/log", "--whole", "--json", **reader).stdout)
        expect(packed["ok"] and packed["checked"]["entries"] == 4, packed)
    world.run("verify-log", "file:///etc", expect=1)
    world.run("verify-log", "www/log", "--fingerprint", "0" * 64, expect=3)
    # An older copy of the same log, shown to who saw a newer one.
    shutil.copytree(world.folder / "www/log", world.folder / "later")
    shutil.rmtree(world.folder / "www")
    world.write("in/d", b"d")
    world.run("add", "in/d")
    world.run("publish", "later")
    world.run("verify-log", "later", **reader)
    shutil.rmtree(world.folder / "later/tile")
    world.run("verify-log", "later", expect=3, **reader)
    world.run("publish", "again")
    world.run("verify-log", "again", **reader)
