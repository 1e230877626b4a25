"""report.html as vault/tell/report_page.cc makes it, of the parts that are compiled into the program: so the page can be tested with
bundles that no program of Exhibit made."""
import base64
import hashlib
import json
import re
from pathlib import Path

VAULT = Path(__file__).resolve().parents[2] / "vault"
MADE = "2026-11-28T23:00:00Z"


def script_parts():
    """In the order of vault/CMakeLists.txt."""
    names = re.search(r"^foreach\(part ([a-z\s]+)\)", (VAULT / "CMakeLists.txt").read_text(), re.M)[1].split()
    return [VAULT / "tell" / "report" / f"{name}.js" for name in names]


def source_of(text):
    """The name of a text in a content security policy."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def static_page(edit=None):
    """Without its data. `edit` changes the script."""
    script = "".join(path.read_text() for path in script_parts())
    script = edit(script) if edit else script
    style = (VAULT / "tell" / "report" / "report.css").read_text()
    policy = (f"default-src 'none'; script-src {source_of(script)}; style-src {source_of(style)}; base-uri 'none'; form-action 'none'; "
              "require-trusted-types-for 'script'; trusted-types 'none'")
    page = (VAULT / "tell" / "report" / "report.html").read_text()
    for marker, text in (("{{policy}}", policy), ("{{style}}", style), ("{{script}}", script)):
        page = page.replace(marker, text, 1)
    return page


def escaped(text):
    """JSON that may be in a script element."""
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


MOST_COPIED = 512 << 10  # bytes of log/


def page_of(bundle, edit=None):
    """The page of a bundle's folder."""
    files = {f"log/{path.name}": path.read_bytes() for path in sorted((Path(bundle) / "log").iterdir())}
    data = {"program": "exhibit of a test", "made": MADE}
    if sum(map(len, files.values())) <= MOST_COPIED:
        data["files"] = {name: content.decode() for name, content in files.items()}
    return static_page(edit).replace("{{data}}", escaped(json.dumps(data, ensure_ascii=False)), 1)
