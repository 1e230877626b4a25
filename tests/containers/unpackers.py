"""What the tools that receivers have make of a container: the files, by their paths in the bundle.

A tool that is not there is skipped, and named. Nothing of ours is used here.
"""
import os
import shutil
import subprocess
import tarfile
import tempfile
import zipfile

FOREIGN = (".DS_Store", "__MACOSX")     # those that the tests put in


def run(*command, stdin=None, cwd=None):
    environment = {**os.environ, "LC_ALL": "C.UTF-8", "UNZIP": "", "ZIPINFO": ""}
    subprocess.run(command, cwd=cwd, stdin=stdin or subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                   env=environment, timeout=120, check=False)


def by_program(*command, from_stdin=False):
    """Unpacks with a program that is run in an empty folder."""
    def unpack(path):
        with tempfile.TemporaryDirectory(prefix="exhibit-unpack-") as above:
            # A folder deeper, so that what climbs out of it is seen and harms nothing.
            into = os.path.join(above, "a/b")
            os.makedirs(into)
            if from_stdin:
                with open(path, "rb") as container:
                    run(*command, stdin=container, cwd=into)
            else:
                run(*[path if word == "PATH" else word for word in command], cwd=into)
            return files_below(above, "a/b/")
    return unpack


def files_below(folder, normal):
    found = {}
    for here, folders, files in os.walk(folder):
        for name in folders:
            os.chmod(os.path.join(here, name), 0o700)
        for name in files:
            path = os.path.join(here, name)
            relative = os.path.relpath(path, folder)
            inside = relative[len(normal):] if relative.startswith(normal) else "OUTSIDE/" + relative
            if os.path.islink(path):
                found[inside] = b"link to " + os.fsencode(os.readlink(path))
            elif os.path.isfile(path):
                os.chmod(path, 0o600)
                with open(path, "rb") as file:
                    found[inside] = file.read()
            else:
                found[inside] = b"special"
    return found


def python_zip(path):
    found = {}
    try:
        with zipfile.ZipFile(path) as archive:
            for member in archive.infolist():
                if not member.is_dir():
                    found[member.filename] = archive.read(member)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, EOFError, OSError) as error:
        found["FAILED"] = str(error).encode()
    except Exception as error:      # zlib.error, struct.error
        found["FAILED"] = repr(error).encode()
    return found


def python_tar(path):
    found = {}
    try:
        with tarfile.open(path, "r:", encoding="utf-8", errors="surrogateescape") as archive:
            for member in archive:
                if member.isfile():
                    found[member.name] = archive.extractfile(member).read()
                elif not member.isdir():
                    found[member.name] = b"link or special"
    except Exception as error:
        found["FAILED"] = repr(error).encode()
    return found


def first_of(*names):
    return next((name for name in names if shutil.which(name)), names[0])


SEVEN = first_of("7zz", "7z", "7za")
ZIP_TOOLS = {
    "unzip": by_program("unzip", "-qq", "-o", "PATH"),
    SEVEN: by_program(SEVEN, "x", "-y", "-bd", "PATH"),
    "bsdtar": by_program("bsdtar", "-xf", "PATH"),
    "bsdtar, from a pipe": by_program("bsdtar", "-xf", "-", from_stdin=True),
    "jar": by_program("jar", "xf", "PATH"),
    "busybox unzip": by_program("busybox", "unzip", "-q", "-o", "PATH"),
    "Python zipfile": python_zip,
}
TAR_TOOLS = {
    "tar": by_program("tar", "-xf", "PATH"),
    SEVEN: by_program(SEVEN, "x", "-y", "-bd", "PATH"),
    "bsdtar": by_program("bsdtar", "-xf", "PATH"),
    "bsdtar, from a pipe": by_program("bsdtar", "-xf", "-", from_stdin=True),
    "busybox tar": by_program("busybox", "tar", "-xf", "PATH"),
    "Python tarfile": python_tar,
}


def is_there(tool):
    return tool.startswith("Python") or shutil.which(tool.split(",")[0].split(" ")[0]) is not None


def tools_for(path):
    """Those that a receiver takes by the name's ending."""
    tools = ZIP_TOOLS if path.lower().endswith(".zip") else TAR_TOOLS
    return {name: unpack for name, unpack in tools.items() if is_there(name)}


def absent():
    return sorted(name for name in {**ZIP_TOOLS, **TAR_TOOLS} if not is_there(name))


def as_bundle(files):
    """By their paths below bagit.txt's folder; others stay as they are, so that they differ."""
    files = {os.path.normpath(name): data for name, data in files.items()
             if not any(part in FOREIGN or part.startswith("._") for part in name.split("/"))}
    tops = [name[:-len("bagit.txt")] for name in files if ("/" + name).endswith("/bagit.txt")]
    top = min(tops, key=lambda folder: folder.count("/"), default="")
    return {name[len(top):] if name.startswith(top) else "BESIDE/" + name: data for name, data in files.items()}
