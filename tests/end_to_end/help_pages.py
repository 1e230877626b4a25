"""Help, manual pages and the completion of shells: made of the definitions of the commands, and good for what reads them."""
import re
import shutil
import subprocess

from world import Skipped, expect

COLUMNS = 80


def commands_of(world):
    """{"exhibit custodian add": {"-h", "--help", …}} as the completion knows them."""
    text = world.run("--generate", "bash").stdout.decode()
    return {command: set(names.split()) for command, names in re.findall(r"^    '(exhibit[^']*)'\) echo '(-h --help[^']*)' ;;", text, re.M)}


def help_of_every_command_fits_a_terminal_and_names_its_options(world):
    commands = commands_of(world)
    expect(len(commands) > 50, commands.keys())
    for command, options in commands.items():
        words = command.split()[1:]
        shown = world.run(*words, "--help").stdout.decode()
        expect(shown == world.run("help", *words).stdout.decode() or not words, command)
        wide = [line for line in shown.splitlines() if len(line) > COLUMNS]
        expect(not wide, f"{command}: {wide}")
        own = options - ({"--vault", "--pin", "-q", "--quiet", "--config"} if words else set())
        missing = [name for name in own if not re.search(rf"(^|[ ,]){re.escape(name)}([ ,\n]|$)", shown, re.M)]
        expect(not missing, f"{command}: {missing}")
        expect(shown.startswith(f"Usage: {command} "), shown[:80])


def commands_are_listed_by_what_one_wants_to_do(world):
    shown = world.run("--help").stdout.decode()
    expect("\nCommands:\n" not in shown, "a command is in no group of cli/main.cc")
    top = {command.split()[1] for command in commands_of(world) if " " in command}
    listed = re.findall(r"^  ([a-z][a-z-]+)(?:  |$)", shown, re.M)
    expect(sorted(listed) == sorted(top), set(listed) ^ top)


def a_word_that_is_not_known_is_told_what_it_was_meant_to_be(world):
    for words, meant in ((["lst"], "exhibit list"), (["list", "--knd", "log"], "--kind"), (["custodian", "ad"], "exhibit custodian add"),
                         (["help", "lst"], "list"), (["add", "--hlep"], "--help"), (["help", "enviroment"], "environment")):
        failed = world.run(*words, expect=2).stderr.decode()
        expect(failed.startswith("exhibit: error: ") and f"did you mean" in failed and meant in failed, failed)


def versions_are_told_by_option_and_command(world):
    expect(world.run("--version").stdout == world.run("version").stdout)
    for program in (world.verify_program, world.collect_program):
        expect(world.run("--version", program=program).stdout.startswith(program.name.encode() + b" "))


def the_help_of_the_small_program_names_no_command_of_the_other(world):
    shown = world.run("--help", program=world.verify_program).stdout.decode()
    named = re.findall(r"exhibit [a-z-]+", " ".join(shown.split()))
    expect(set(named) <= {"exhibit exported"}, named)
    for option in ("--version", "-q, --quiet", "--json", "--kit"):
        expect(option in shown, option)


def manual_pages_are_clean(world):
    checkers = [["mandoc", "-T", "lint", "-W", "warning"], ["groff", "-man", "-Tutf8", "-ww", "-z"]]
    found = [checker for checker in checkers if shutil.which(checker[0])]
    if not found:
        raise Skipped("neither mandoc nor groff is installed")
    for program in (world.exhibit_program, world.collect_program, world.verify_program):
        page = world.run("--generate", "man", "2026-11-29", program=program).stdout
        world.write("page.1", page)
        expect(page.count(b".SH") >= (10 if program == world.exhibit_program else 3), page[:300])
        for checker in found:
            result = subprocess.run([*checker, world.folder / "page.1"], capture_output=True)
            faults = (result.stdout + result.stderr).decode().splitlines()
            expect(not faults, "\n".join(faults[:20]))
    shown = subprocess.run(["man", "-l", world.folder / "page.1"], capture_output=True) if shutil.which("man") else None
    expect(shown is None or b"exhibit-verify" in shown.stdout, shown)


def completed(world, line, program="exhibit"):
    """What bash would offer after this line."""
    world.write("completion.bash", world.run("--generate", "bash", program=world.exhibit_program.parent / program).stdout)
    function = "_" + program.replace("-", "_")
    script = f"""source ./completion.bash
COMP_LINE='{line}'; COMP_POINT=${{#COMP_LINE}}
read -ra COMP_WORDS <<< "$COMP_LINE"
[[ $COMP_LINE == *' ' ]] && COMP_WORDS+=('')
COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))
{function}
printf '%s\\n' "${{COMPREPLY[@]}}"
"""
    result = subprocess.run(["bash", "--norc", "-c", script], cwd=world.folder, capture_output=True, env={"PATH": "/usr/bin:/bin"})
    expect(not result.stderr, result.stderr)
    return set(result.stdout.decode().split())


def bash_completes_commands_options_and_files(world):
    world.write("evidence.log", b"x")
    world.write("folder/inside", b"x")
    expect({"list", "lift", "log"} <= completed(world, "exhibit l") and "add" not in completed(world, "exhibit l"))
    expect(completed(world, "exhibit custodian ") >= {"add", "retire", "rotate", "list"})
    expect("--role" in completed(world, "exhibit custodian add --r"), completed(world, "exhibit custodian add --r"))
    expect("--role" not in completed(world, "exhibit add --r"))
    expect("--vault" in completed(world, "exhibit list --v"))
    expect("evidence.log" in completed(world, "exhibit add evi"))
    expect(completed(world, "exhibit --vault fold") == {"folder"})
    # A value that is called as a command is none.
    expect("--kind" in completed(world, "exhibit --vault case list --k"))
    expect(completed(world, "exhibit add --source ") == set(), completed(world, "exhibit add --source "))
    expect("custodian" in completed(world, "exhibit help cust"))
    expect("--fingerprint" in completed(world, "exhibit-verify --f", "exhibit-verify"))
    expect({"--collector"} == completed(world, "exhibit-collect --coll", "exhibit-collect"))


def zsh_and_fish_read_their_completion(world):
    ran = 0
    for shell, check in (("zsh", ["zsh", "-n"]), ("fish", ["fish", "--no-execute"])):
        if not shutil.which(shell):
            continue
        ran += 1
        world.write(f"completion.{shell}", world.run("--generate", shell).stdout)
        result = subprocess.run([*check, world.folder / f"completion.{shell}"], capture_output=True, env=world.environment)
        expect(result.returncode == 0 and not result.stderr, result.stderr)
    if shutil.which("fish"):
        offered = subprocess.run(["fish", "--no-config", "-c", "source completion.fish; complete -C 'exhibit custodian '"], cwd=world.folder,
                                 capture_output=True, env=world.environment).stdout.decode()
        expect({"add", "retire"} <= {line.split("\t")[0] for line in offered.splitlines()}, offered)
        offered = subprocess.run(["fish", "--no-config", "-c", "source completion.fish; complete -C 'exhibit --vault add list --k'"],
                                 cwd=world.folder, capture_output=True, env=world.environment).stdout.decode()
        expect("--kind" in offered, offered)
    if not ran:
        raise Skipped("neither zsh nor fish is installed")
