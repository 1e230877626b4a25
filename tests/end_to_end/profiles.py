"""What is taken by profile: what is there, in order; what is not is said and signed; a profile with a mistake takes nothing."""
from world import expect

SMALL = """
title = "What this test has"
seconds = 20
exclude = ["*.swp"]

[[step]]
name = "clock.txt"
run = "echo noon"
kind = "log"

[[step]]
name = "endless.txt"
run = "echo begun; sleep 1000"
seconds = 1

[[step]]
name = "gone.txt"
run = "/nonexistent/program --all"

[[step]]
files = ["FOLDER/var/log", "FOLDER/var/spool/cron"]
"""


def small_profile(world, text=SMALL):
    for name in ("var/log/a.log", "var/log/b.swp"):
        world.write(name, name.encode())
    world.write("small.toml", text.replace("FOLDER", str(world.folder)).encode())


def a_profile_takes_what_is_there_and_signs_what_is_not(world):
    world.init()
    small_profile(world)
    # What took too long is kept, and its status says that something is not whole.
    taken = world.json("add", "--profile", "./small.toml", "--source", "fs01", expect=1)
    expect([item.get("name") for item in taken["items"]] == ["clock.txt", "endless.txt", "a.log"], str(taken))
    items = world.items()
    expect(items[0]["kind"] == "log" and items[0]["acquired"]["method"] == "profile small", str(items[0]))
    expect(items[1]["partial"]["why"] == "time-limit" and world.cat(2) == b"begun\n", str(items[1]))
    left_out = {row["path"]: row["reason"] for row in taken["left_out"]}
    expect("exit status 127" in left_out["gone.txt"], str(left_out))
    expect("looks for it" in left_out[f"{world.folder}/var/spool/cron"], str(left_out))
    expect("*.swp" in left_out[f"{world.folder}/var/log/b.swp"], str(left_out))
    # The omission is an entry that is signed, and its words are sealed.
    omission = world.cat(4).decode()
    expect("gone.txt" in omission and "/var/spool/cron" in omission, omission)
    world.run("verify", "--content", "-i", "reader.txt")


def what_is_not_there_is_no_failure(world):
    world.init()
    small_profile(world, """
title = "Mostly absent"
[[step]]
name = "gone.txt"
run = "/nonexistent/program"
[[step]]
name = "silent.txt"
run = "true"
[[step]]
files = ["FOLDER/var/log/a.log", "FOLDER/nowhere/*"]
""")
    taken = world.json("add", "--profile", "./small.toml")
    expect(len(taken["left_out"]) == 2, str(taken))
    # Who says that all is well and writes nothing has said something.
    expect([(item["name"], item["size"]) for item in taken["items"]] == [("silent.txt", 0), ("a.log", 13)], str(taken))


def the_profiles_that_come_with_it_are_listed_printed_and_tried(world):
    listed = world.run("help", "profiles").stdout.decode()
    for name in ("linux-triage", "web-server", "hospital-ehr"):
        expect(name in listed, listed)
        # What is printed is a profile again.
        world.write(f"{name}.toml", world.run("help", "profiles", name).stdout)
    world.init()
    # Whatever of it this machine has.
    would = world.json("add", "--profile", "linux-triage", "--exclude", "/*", "--dry-run")
    expect("processes.txt" in str(would), str(would)[:2000])


def a_mistake_in_a_profile_is_named_with_its_line(world):
    world.init()
    for text, line, said in (
            ('titel = "x"', 1, "did you mean"),
            ('title = "x"', 1, "no [[step]]"),
            ('title = "x"\n[[step]]\nrun = "date"', 2, "needs a \"name\""),
            ('title = "x"\n[[step]]\nname = "a"\nrun = "date"\nfiles = ["/x"]', 2, "either"),
            ('title = "x"\n[[step]]\nfiles = ["relative"]', 2, "begin with /"),
            ('title = "x"\n[[step]]\nname = "a"\nrun = "date"\nseconds = 0', 5, "from 1 to"),
            ('title = "x"\n[[step]]\nname = "a"\nrun = "date"\nkind = "picture"', 2, "no kind"),
            ('title = ', 1, "")):
        world.write("wrong.toml", text.encode())
        why = world.run("add", "--profile", "./wrong.toml", expect=1).stderr.decode()
        expect(f"wrong.toml: line {line}:" in why and said in why, f"{text}\n{why}")
    why = world.run("add", "--profile", "linux-triaje", expect=2).stderr.decode()
    expect("linux-triage" in why, why)
    expect(len(world.json("list", "-i", "reader.txt")) == 0, "something was taken in")
