"""A hint is a command that can be typed: the options that it names are those of the command that gives it."""
import fcntl
import re
import subprocess

from secret_arguments import commands, with_secret
from world import NOTE, expect


def who_finds_the_vault_busy_is_told_of_wait_only_where_there_is_that_option(world):
    world.init()
    world.write("note.txt", NOTE)
    world.run("add", "note.txt")
    told = 0
    with open(world.folder / "vault/LOCK", "r+b") as held:
        fcntl.lockf(held, fcntl.LOCK_EX)
        for command, options in [*commands(), (["replicate", "--move"], [])]:
            words = ["--to", "copy"] if command[0] == "replicate" else [
                word for one in options if one.is_required for word in one.with_value("1")]
            result = subprocess.run([world.exhibit_program, *command, *words], cwd=world.folder, stdin=subprocess.DEVNULL,
                                    env={**world.environment, "EXHIBIT_IDENTITY": "reader.txt"}, capture_output=True, timeout=60)
            if result.returncode != 4:
                continue
            told += 1
            has_wait = any(one.name == "--wait" for one in options)
            expect((b"--wait" in result.stderr) == has_wait, (command, result.stderr))
    expect(told > 5, told)


def a_command_that_is_misspelled_is_named_whatever_follows_it(world):
    for words in (["lst", "-i", "reader.txt"], ["lst", "--json"], ["lst"], ["collecter", "new", "fs01", "--out", "stick"]):
        said = world.run(*words, expect=2).stderr
        expect(re.search(rb'exhibit has no command "(lst|collecter)"; did you mean', said), (words, said))
    said = world.run("collector", "nwe", "fs01", "--out", "stick", expect=2).stderr
    expect(b'exhibit collector has no command "nwe"; did you mean `exhibit collector new`' in said, said)
    # An option that nobody has is still what is wrong.
    expect(b"has no option --nonsense" in world.run("--nonsense", "list", expect=2).stderr)


def what_is_wrong_with_an_option_is_said_in_plain_words(world):
    for words, said in ((["add", "a", "--source", "a", "--source", "b"], b"--source is given more often than it may be"),
                        (["add", "a", "--source"], b"--source has no value"), (["add", "a", "--level", "x"], b"not in range"),
                        (["add", "a", "--wait", "x"], b'"x" is not a number of seconds'), (["add", "a", "--level", "20"], b"not in range")):
        error = world.run(*words, expect=2).stderr
        expect(said in error, (words, error))


def usage_is_told_to_programs_too(world):
    world.init()
    for words in (["add", "nothere"], ["add"], ["add", "-"], ["add", "--exec", "true"], ["add", "--nonsense"]):
        result = world.run(*words, "--json", expect=2)
        expect(b'"status": 2' in result.stdout, (words, result.stdout))


def a_value_that_is_empty_is_usage_and_nothing_is_done(world):
    """An unset variable between quotes: what was to be compared, chosen or believed would be passed over in silence."""
    world.init()
    world.write("note.txt", NOTE)
    world.run("add", "note.txt")
    size = world.json("checkpoint")["checkpoint"]["size"]
    here = sorted(path.name for path in world.folder.iterdir())
    tried = 0
    for command, options in commands():
        for option in options:
            if option.name in ("--wait", "COMMAND", "COMMAND|words|environment"):
                continue
            words = []
            for word in with_secret(option, options, "NOTHING"):
                words += [option.name, ""] if word == f"{option.name}=NOTHING" else [""] if word == "NOTHING" else [word]
            error = subprocess.run([world.exhibit_program, *command, *words], cwd=world.folder, stdin=subprocess.DEVNULL,
                                   env=world.environment, capture_output=True, timeout=60)
            expect(error.returncode == 2, (command, words, error))
            tried += b"there is nothing between the quotes" in error.stderr
    expect(tried > 250, tried)
    for option in ("--vault", "--config", "--pin"):
        expect(b"nothing between the quotes" in world.run(option, "", "list", expect=2).stderr)
    error = world.run("export", "1", "--select", " ", "-i", "reader.txt", "--out", "bundle", expect=1).stderr
    expect(b"names nothing to select by" in error, error)
    # After the sign of equality the next word is no value.
    expect(b"--source has no value" in world.run("add", "--source=", "note.txt", expect=2).stderr)
    expect(world.json("checkpoint")["checkpoint"]["size"] == size, "something was written")
    expect(here == sorted(path.name for path in world.folder.iterdir()), "something was made")


def where_the_current_folder_was_removed_no_limit_is_blamed(world):
    world.init()
    gone = world.folder / "gone"
    for words in (["publish", "p"], ["replicate", "--to", "c"], ["collect", "x", "--collector", "c", "--drop", "d"]):
        gone.mkdir()
        result = subprocess.run(["sh", "-c", 'rmdir "$PWD" && exec "$0" "$@"', str(world.exhibit_program), "--vault", str(world.folder / "vault"), *words],
                                cwd=gone, env=world.environment, capture_output=True, timeout=60)
        expect(result.returncode in (1, 2) and b"memory" not in result.stderr, (words, result))


def the_last_number_there_is_is_a_number_like_others(world):
    """A loop up to it has no end: it took all memory of the machine."""
    world.init()
    world.write("note.txt", NOTE)
    world.run("add", "note.txt")
    last = str(2**64 - 1)
    for words in (["show", last], ["log", last], ["history", last], ["verify", last], ["export", last, "-i", "reader.txt", "--out", "b"],
                  ["prove", last, "-i", "reader.txt", "--out", "p"], ["hold", last, "--authority", "a", "--reason", "b"],
                  ["show", f"{last}-{last}"], ["show", f"0-{last}"], ["cat", "1", "-i", "reader.txt", "--range", f"0-{last}"],
                  ["cat", "1", "-i", "reader.txt", "--range", f"{last}-{last}"],
                  ["prove", "1", "-i", "reader.txt", "--lines", f"1-{last}", "--out", "p"], ["timestamp", "add", "x", "--renew", last]):
        error = world.run(*words, expect=1).stderr
        expect(b"memory" not in error and last.encode() in error, (words, error))
