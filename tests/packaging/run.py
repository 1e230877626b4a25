#!/usr/bin/env python3
"""What a package brings beside the programs: systemd's units, and what they run.

    run.py BIN UNITS        BIN: the folder with the programs; UNITS: the folder with the units, as the build made them

- Each unit is checked by `systemd-analyze verify`, where that is, and none of its words may be unknown to it.
- The command of each service is run as systemd would run it, with the environment of the examples, in a folder instead of
  /var/lib: it does what its timer is there for.
- Each timer has the service of its name, and a calendar that systemd understands.
- Where systemd runs and the test is root, the units are started by it.
Skipped, and said, is what this machine cannot show.
"""
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.dont_write_bytecode = True
HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(1, str(HERE.parent / "support"))
sys.path.insert(1, str(HERE.parent / "end_to_end"))
from home import make_home  # noqa: E402
from object_server import KEY, SECRET, ObjectServer  # noqa: E402

# What a service must have: it reads hostile files, or holds keys.
HARDENED = {"NoNewPrivileges": "yes", "ProtectSystem": "strict", "UMask": "0077", "LimitCORE": "0", "MemoryDenyWriteExecute": "yes",
            "RestrictNamespaces": "yes", "SystemCallFilter": "@system-service", "PrivateDevices": "yes"}
PUBLIC = {"exhibit-publish@.service": {"UMask": "0022"}}
# An authority and an object store are elsewhere.
ONLINE = {"exhibit-timestamp@.service", "exhibit-retain@.service"}


class Skipped(Exception):
    pass


def expect(condition, message="expectation failed"):
    if not condition:
        raise AssertionError(message)


class Package:
    def __init__(self, folder, binaries, units):
        self.folder, self.binaries, self.units = folder, binaries, units
        self.environment = make_home(folder)

    def unit(self, name):
        """Its sections: each key with all of its values, in order."""
        sections, section = {}, None
        for line in (self.units / name).read_text().splitlines():
            if line.startswith("["):
                section = sections.setdefault(line.strip("[]"), {})
            elif line and not line.startswith("#"):
                key, value = line.split("=", 1)
                section.setdefault(key, []).append(value)
        return sections

    def services(self):
        return sorted(path.name for path in self.units.glob("exhibit-*@.service"))

    def exhibit(self, *arguments, **more):
        result = subprocess.run([self.binaries / "exhibit", *arguments], cwd=self.folder, capture_output=True, text=True,
                                env={**self.environment, **more}, timeout=300)
        expect(result.returncode == 0, f"{arguments}: {result.returncode}\n{result.stdout}{result.stderr}")
        return result.stdout

    def start(self, name, instance, given, status=0):
        """Runs the service's command with the environment that systemd would make, below self.folder."""
        service = self.unit(name)["Service"]

        def placed(text):
            text = text.replace("%i", instance).replace("%d", str(self.folder / "credentials"))
            return re.sub(r"(/var/lib|/var/cache|/etc)/", rf"{self.folder}\1/", text)
        environment = {"PATH": os.environ["PATH"], "CREDENTIALS_DIRECTORY": placed("%d"), "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "")}
        for line in service.get("Environment", []):
            environment.update(word.split("=", 1) for word in shlex.split(placed(line)))
        for line in read_lines(ROOT / "tools/packaging/systemd" / ("collector.env" if "collect" in name else "vault.env")):
            key, value = line.split("=", 1)
            environment[key] = placed(given.get(key, value))
        Path(environment["HOME"]).mkdir(parents=True, exist_ok=True)
        words = shlex.split(placed(service["ExecStart"][0]))
        words[0] = str(self.binaries / "exhibit") if words[0].endswith("/exhibit") else words[0]
        command = []
        for word in words:
            bare = re.fullmatch(r"\$([A-Z_]+)", word)
            if bare:
                command += environment[bare[1]].split()
            else:
                word = re.sub(r"\$\{([A-Z_]+)\}", lambda found: environment[found[1]], word).replace("$$", "$")
                command.append(re.sub(r"/\S*/exhibit (?=-q )", f"{self.binaries}/exhibit ", word))
        result = subprocess.run(command, cwd="/", capture_output=True, text=True, env=environment, timeout=300)
        expect(result.returncode == status, f"{name}: {command}: {result.returncode}\n{result.stdout}{result.stderr}")
        return result.stdout + result.stderr


def read_lines(path):
    return [line for line in path.read_text().splitlines() if line and not line.startswith("#")]


def systemd_understands_every_word_of_the_units(package):
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        raise Skipped("systemd-analyze is not here (apt-get install systemd)")
    folder = package.folder / "units"
    folder.mkdir()
    for path in package.units.iterdir():
        text = re.sub(r"(?<=ExecStart=)/\S*/exhibit(?= )", str(package.binaries / "exhibit"), path.read_text())
        text = text.replace("/etc/exhibit/alert %i", "/bin/true %i")
        # An instance: templates alone are not looked at.
        (folder / path.name.replace("@.", "@case.")).write_text(text)
        (folder / path.name).write_text(text)
    names = sorted(path.name for path in folder.glob("*@case.*"))
    result = subprocess.run([analyze, "verify", "--man=no", *names], cwd=folder, capture_output=True, text=True,
                            env={**os.environ, "SYSTEMD_UNIT_PATH": f"{folder}:", "SYSTEMD_LOG_LEVEL": "warning"})
    said = [line for line in result.stderr.splitlines() if "exhibit" in line or str(folder) in line]
    expect(result.returncode == 0 and not said, result.stderr)
    for name in names:
        for when in package.unit(name.replace("@case.", "@.")).get("Timer", {}).get("OnCalendar", []):
            subprocess.run([analyze, "calendar", when], check=True, capture_output=True)


def every_service_is_hardened_and_every_timer_has_its_service(package):
    services = package.services()
    expect(len(services) >= 6, services)
    for name in services:
        unit = package.unit(name)
        if name == "exhibit-alert@.service":
            continue
        wanted = {**HARDENED, **PUBLIC.get(name, {})}
        for key, value in wanted.items():
            expect(unit["Service"].get(key) == [value], f"{name}: {key} is {unit['Service'].get(key)}, not {value}")
        expect(unit["Unit"]["OnFailure"] == ["exhibit-alert@%n.service"], name)
        expect((package.units / name.replace(".service", ".timer")).exists(), f"{name} has no timer")
        online = "AF_INET" in unit["Service"]["RestrictAddressFamilies"][0]
        expect(online == (name in ONLINE), f"{name}: the network")
        # Secrets come as credentials, and in no line that others can read.
        expect(not any("PASSPHRASE" in line and "%d/" not in line for line in unit["Service"].get("Environment", [])), name)
    for timer in package.units.glob("*.timer"):
        expect(timer.with_suffix(".service").exists(), f"{timer.name} has no service")


def the_services_do_what_their_timers_are_for(package):
    folder = package.folder
    vault = folder / "var/lib/exhibit/case"
    vault.parent.mkdir(parents=True)
    # As `sudo -u exhibit` would: a home of its own, whose keys are under a passphrase.
    own = {"HOME": str(folder / "var/lib/exhibit"), "EXHIBIT_VAULT": str(vault), "XDG_CONFIG_HOME": "", "XDG_STATE_HOME": ""}
    (folder / "credentials").mkdir()
    secret = folder / "credentials/passphrase"
    secret.write_text("correct horse battery staple\n")
    secret.chmod(0o440)  # as systemd shows a file that an access control list lets the unit read
    own.update(EXHIBIT_PASSPHRASE_FILE=str(secret), CREDENTIALS_DIRECTORY=str(secret.parent))
    recipient = package.exhibit("keygen", "--no-passphrase", "-o", "reader.txt").strip()
    package.exhibit("init", str(vault), "--origin", "x7.example/units", "--name", "A", "--reader", recipient, **own)
    said = package.exhibit("verify", "--log", "--json", **own)
    fingerprint = re.search(r'"fingerprint": "([0-9a-f]{64})"', said)[1]
    given = {"EXHIBIT_FINGERPRINT": fingerprint}

    place = folder / "var/lib/exhibit-collector"
    place.mkdir()
    package.exhibit("collector", "new", "fs01", "--out", str(place / "fs01"), "--no-passphrase", **own)
    (folder / "logs").mkdir()
    (folder / "logs/auth.log").write_text("accepted\n")
    (folder / "more").mkdir()
    (folder / "more/other log").write_text("a name with a space\n")
    drops = folder / "var/lib/exhibit/drops/fs01"
    package.start("exhibit-collect@.service", "fs01",
                  {"EXHIBIT_COLLECT": f"{folder}/logs {folder}/more", "EXHIBIT_DROP": "/var/lib/exhibit/drops/fs01"})
    expect(len(list(drops.glob("*.age"))) == 2, list(drops.iterdir()))
    package.start("exhibit-take-in@.service", "case", given)
    package.start("exhibit-take-in@.service", "case", given)  # nothing new, nothing wrong
    expect(package.exhibit("list", "-i", str(folder / "reader.txt"), "--json", **own).count('"type": "item"') == 2)
    package.start("exhibit-verify@.service", "case", given)
    package.start("exhibit-publish@.service", "case", given)
    package.exhibit("verify-log", str(folder / "var/cache/exhibit/case"), "--fingerprint", fingerprint)

    # What must wake somebody does: another fingerprint, a damaged drop, a byte of the store.
    package.start("exhibit-verify@.service", "case", {"EXHIBIT_FINGERPRINT": "0" * 64}, status=3)
    package.start("exhibit-collect@.service", "fs01", {"EXHIBIT_COLLECT": f"{folder}/logs", "EXHIBIT_DROP": "/var/lib/exhibit/drops/fs01"})
    newest = max(drops.glob("*.age"), key=lambda path: int(path.stem.split("-")[-1]))
    newest.write_bytes(newest.read_bytes()[:-1])
    package.start("exhibit-take-in@.service", "case", given, status=1)
    pack = next((vault / "store/packs").iterdir())
    data = bytearray(pack.read_bytes())
    data[len(data) // 2] ^= 1
    pack.write_bytes(data)
    package.start("exhibit-verify@.service", "case", given, status=3)


def locks_are_renewed_by_an_account_that_can_do_nothing_else(package):
    with ObjectServer() as server:
        own = {"HOME": str(package.folder / "writer"), "EXHIBIT_VAULT": server.url(), "XDG_CONFIG_HOME": "", "XDG_STATE_HOME": "",
               **server.environment()}
        Path(own["HOME"]).mkdir()
        recipient = package.exhibit("keygen", "--no-passphrase", "-o", "reader.txt").strip()
        package.exhibit("init", server.url(), "--origin", "x7.example/units", "--name", "A", "--reader", recipient, "--no-passphrase",
                        "--make-buckets", "--payload-lock-days", "30", **own)
        (package.folder / "auth.log").write_text("accepted\n")
        package.exhibit("add", "auth.log", **own)
        packs = [one for key, versions in server.buckets["evidence"][1].items() if "/pay/" in key or "/hdr/" in key for one in versions]
        for pack in packs:
            pack.age(25)
        before = [pack.until for pack in packs]
        (package.folder / "credentials").mkdir()
        credentials = package.folder / "credentials/s3"
        credentials.write_text(f"[default]\naws_access_key_id = {KEY}\naws_secret_access_key = {SECRET}\n")
        credentials.chmod(0o440)  # as systemd shows a file that an access control list lets the unit read
        package.start("exhibit-retain@.service", "case", {"EXHIBIT_BUCKETS": server.url()})
        expect(packs and all(pack.until > was for pack, was in zip(packs, before)), before)
        # What must wake somebody does.
        for pack in packs:
            pack.age(25)
        server.read_only = True
        package.start("exhibit-retain@.service", "case", {"EXHIBIT_BUCKETS": server.url()}, status=1)


class Machine:
    """The folders that the units use, where systemd runs, which are made for the test and gone after it."""

    FOLDERS = [Path(name) for name in ("/var/lib/exhibit", "/var/lib/exhibit-collector", "/var/cache/exhibit", "/etc/exhibit", "/run/exhibit-test")]

    def __init__(self, package):
        if not Path("/run/systemd/system").is_dir() or os.geteuid() != 0:
            raise Skipped("systemd does not run here, or the test is not root")
        if any(folder.exists() and any(folder.iterdir()) for folder in self.FOLDERS):
            raise Skipped("this machine has vaults of its own")
        self.package, self.made = package, []

    def __enter__(self):
        for path in self.package.units.iterdir():
            text = re.sub(r"/\S*/exhibit(?= -q )", "/run/exhibit-test/exhibit", path.read_text())
            unit = Path("/run/systemd/system") / path.name
            unit.write_text(text)
            self.made.append(unit)
        for folder in self.FOLDERS:
            folder.mkdir(exist_ok=True)
        shutil.copy(self.package.binaries / "exhibit", "/run/exhibit-test/exhibit")
        users = Path("/run/exhibit-test/exhibit.conf")
        shutil.copy(ROOT / "tools/packaging/systemd/exhibit.sysusers", users)
        subprocess.run(["systemd-sysusers", users], check=True, capture_output=True)
        shutil.chown("/var/lib/exhibit", "exhibit", "exhibit")
        subprocess.run(["systemctl", "daemon-reload"], check=True)
        return self

    def __exit__(self, *_):
        for unit in self.made:
            unit.unlink()
        for folder in self.FOLDERS:
            shutil.rmtree(folder, ignore_errors=True)
        subprocess.run(["systemctl", "daemon-reload"])

    def start(self, unit, fails=False):
        started = subprocess.run(["systemctl", "start", unit], capture_output=True, text=True)
        told = subprocess.run(["systemctl", "status", "--no-pager", "-l", "-n", "20", unit], capture_output=True, text=True).stdout
        expect((started.returncode != 0) == fails, started.stderr + told)
        return told

    def as_user(self, *arguments):
        result = subprocess.run(["runuser", "-u", "exhibit", "--", "/run/exhibit-test/exhibit", *arguments], capture_output=True, text=True, cwd="/var/lib/exhibit",
                                env={"PATH": os.environ["PATH"], "HOME": "/var/lib/exhibit", "EXHIBIT_VAULT": "/var/lib/exhibit/test",
                                     "EXHIBIT_PASSPHRASE_FILE": "/var/lib/exhibit/passphrase"})
        expect(result.returncode == 0, f"{arguments}: {result.stdout}{result.stderr}")
        return result.stdout


def the_units_run_where_systemd_does(package):
    with Machine(package) as machine:
        # Keys under a passphrase, which the units get as a credential.
        secret = "correct horse battery staple\n"
        for path in (Path("/var/lib/exhibit/passphrase"), Path("/etc/exhibit/test.passphrase")):
            path.write_text(secret)
            path.chmod(0o600)
        shutil.chown("/var/lib/exhibit/passphrase", "exhibit", "exhibit")
        recipient = package.exhibit("keygen", "--no-passphrase", "-o", "reader.txt").strip()
        machine.as_user("init", "test", "--origin", "x7.example/systemd", "--name", "A", "--reader", recipient)
        fingerprint = re.search(r'"fingerprint": "([0-9a-f]{64})"', machine.as_user("verify", "--log", "--json"))[1]
        machine.as_user("collector", "new", "fs01", "--out", "/var/lib/exhibit/fs01", "--no-passphrase")
        Path("/var/lib/exhibit/passphrase").unlink()
        place = Path("/var/lib/exhibit-collector/fs01")
        shutil.copytree("/var/lib/exhibit/fs01", place)
        Path("/etc/exhibit/fs01.env").write_text("EXHIBIT_COLLECT=/etc/hostname /etc/shadow\nEXHIBIT_SOURCE=here\nEXHIBIT_DROP=/var/lib/exhibit-collector/drop\n")
        Path("/etc/exhibit/test.env").write_text(f"EXHIBIT_FINGERPRINT={fingerprint}\nEXHIBIT_DROPS=/var/lib/exhibit/drops\n")
        machine.start("exhibit-collect@fs01.service")
        drop = Path("/var/lib/exhibit-collector/drop")
        expect(len(list(drop.glob("*.age"))) == 2, list(drop.iterdir()))
        # As whoever carries it.
        shutil.copytree(drop, "/var/lib/exhibit/drops/fs01")
        for path in (Path("/var/lib/exhibit/drops"), *Path("/var/lib/exhibit/drops").rglob("*")):
            shutil.chown(path, "exhibit", "exhibit")
        for unit in ("take-in", "verify", "publish"):
            machine.start(f"exhibit-{unit}@test.service")
        package.exhibit("verify-log", "/var/cache/exhibit/test", "--fingerprint", fingerprint)
        expect(package.exhibit("--vault", "/var/lib/exhibit/test", "list", "-i", "reader.txt", "--json").count('"type": "item"') == 2)
        # What fails is seen, and somebody is told.
        alert = Path("/etc/exhibit/alert")
        alert.write_text("#!/bin/sh\necho \"$1\" > /run/exhibit-test/told\n")
        alert.chmod(0o755)
        pack = next(Path("/var/lib/exhibit/test/store/packs").iterdir())
        data = bytearray(pack.read_bytes())
        data[len(data) // 2] ^= 1
        pack.write_bytes(data)
        expect("status=3" in machine.start("exhibit-verify@test.service", fails=True))
        subprocess.run(["systemctl", "start", "exhibit-alert@exhibit-verify@test.service.service"], capture_output=True)
        expect(Path("/run/exhibit-test/told").read_text() == "exhibit-verify@test.service\n")
        for timer in package.units.glob("*.timer"):
            name = timer.name.replace("@.", "@test.")
            subprocess.run(["systemctl", "start", name], check=True, capture_output=True)
            subprocess.run(["systemctl", "stop", name], check=True, capture_output=True)


def manual_pages_say_of_which_day_they_are(package):
    """Of the version, or of its source: never of the build, so that the same source gives the same page."""
    pages = [package.units.parent / "manuals/man" / f"{program}.1" for program in ("exhibit", "exhibit-collect", "exhibit-verify")]
    has_commit = shutil.which("git") and subprocess.run(["git", "log", "-1"], cwd=ROOT, capture_output=True).returncode == 0
    released = re.search(r"^## [0-9.]+ \([0-9-]+\)$", (ROOT / "CHANGELOG.md").read_text(), re.M)
    if not all(page.exists() for page in pages):
        raise Skipped("the manual pages are not built")
    if not (released or has_commit or os.environ.get("SOURCE_DATE_EPOCH")):
        raise Skipped("nothing here says of which day the source is")
    for page in pages:
        heading = next(line for line in page.read_text().splitlines() if line.startswith(".TH "))
        expect(re.fullmatch(r'\.TH EXHIBIT\S* 1 "[0-9]{4}-[0-9]{2}-[0-9]{2}" "exhibit\S* [0-9.]+" ""', heading), heading)


def main():
    outcomes = {"passed": 0, "skipped": 0, "failed": 0}
    for case in (systemd_understands_every_word_of_the_units, every_service_is_hardened_and_every_timer_has_its_service,
                 the_services_do_what_their_timers_are_for, locks_are_renewed_by_an_account_that_can_do_nothing_else,
                 the_units_run_where_systemd_does,
                 manual_pages_say_of_which_day_they_are):
        with tempfile.TemporaryDirectory(prefix="exhibit-package-") as folder:
            try:
                case(Package(Path(folder), Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()))
                outcome, told = "passed", f"ok      {case.__name__}"
            except Skipped as why:
                outcome, told = "skipped", f"SKIPPED {case.__name__}: {why}"
            except AssertionError as failure:
                outcome, told = "failed", f"FAILED  {case.__name__}\n{failure}"
        outcomes[outcome] += 1
        print(told, flush=True)
    print(", ".join(f"{count} {outcome}" for outcome, count in outcomes.items()))
    return 1 if outcomes["failed"] else 0


sys.exit(main())
