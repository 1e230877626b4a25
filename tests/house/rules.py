"""The rules of the house. A rule takes the sources (path: text) and the plan, and yields its faults.

Beside each rule lie planted faults: sources, or tables of the plan, that it must refuse. A rule that lets one pass fails
the test.
"""
import re

INCLUDE = re.compile(r'^\s*#\s*include\s+(?:"([^"]+)"|<([^>]+)>)', re.MULTILINE)
PLANTED = {}  # rule: what is planted for it


def refuses(*planted):
    """Names the planted faults of a rule."""
    def name(rule):
        PLANTED[rule] = planted
        return rule
    return name


def is_product(path):
    return path.startswith(("cli/", "vault/"))


def is_cpp(path):
    return path.endswith((".cc", ".h"))


def folder_of(path):
    return path.rpartition("/")[0]


def owner_of(path):
    """The folder of the plan: vault/bundle for vault/bundle/report/x.h."""
    return "/".join(folder_of(path).split("/")[:2])


def includes(text):
    """What is included: (of ours, of a library or the system), one of them empty."""
    return INCLUDE.findall(text)


@refuses({"vault/base/text.cc": '#include "vault/custody/entry.h"\n'},
         {"vault/bundle/bag.cc": '#include "vault/tell/story.h"\n'},
         {"vault/verify/verifier.cc": '#include "vault/store/store.h"\n'},
         {"vault/work/add.cc": '#include "cli/command.h"\n'},
         {"vault/custody/state.cc": '#include "tests/support/check.h"\n'},
         {"vault/new_folder/a.cc": '#include "vault/base/bytes.h"\n'},
         {"vault/base/text.cc": '#include "text.h"\n'})
def includes_point_down(sources, plan):
    for path, text in sources.items():
        if not (is_product(path) and is_cpp(path)):
            continue
        here = owner_of(path)
        if here not in plan.MAY_INCLUDE:
            yield f"{path}: the plan has no folder {here} (tests/house/plan.py)"
            continue
        for ours, _ in includes(text):
            there = owner_of(ours)
            if ours and there != here and there not in plan.MAY_INCLUDE[here].split():
                yield f"{path}: {here} may not include {ours}"


@refuses({"cli/cmd_shred.cc": '#include "vault/session/writer_hands.h"\n'},
         {"tests/second_front_end/main.cc": '#include "cli/command.h"\n'})
def internal_headers_stay_inside(sources, plan):
    for path, text in sources.items():
        for ours, _ in includes(text) if is_cpp(path) else []:
            for header, allowed in plan.ONLY_FOR.items():
                if ours.startswith(header) and not path.startswith(tuple(allowed)):
                    yield f"{path}: {ours} is for {', '.join(allowed)} alone"


@refuses({"MAY_INCLUDE": {"cli": "vault/base", "vault/base": "cli"}}, {"MAY_INCLUDE": {"cli": "vault/gone"}})
def the_plan_points_down(_, plan):
    """The table itself: each row names folders below it only."""
    order = list(plan.MAY_INCLUDE)
    for at, (folder, below) in enumerate(plan.MAY_INCLUDE.items()):
        for named in below.split():
            if named not in order[at + 1:]:
                yield f"tests/house/plan.py: {folder} may include {named}, which is not below it"


@refuses({"vault/base/a.h": '#include "vault/base/b.h"\n', "vault/base/b.h": '#include "vault/base/c.h"\n',
          "vault/base/c.h": '#include "vault/base/a.h"\n'},
         {"tests/support/a.h": '#include "tests/support/a.h"\n'})
def no_include_circle(sources, _):
    done = set()

    def walk(path, way):
        if path in way:
            yield "a circle of includes: " + " > ".join([*way[way.index(path):], path])
        elif path not in done:
            for ours, _ in includes(sources.get(path, "")):
                yield from walk(ours, [*way, path])
            done.add(path)
    for path in sorted(sources):
        yield from walk(path, [])


@refuses({"vault/base/long.cc": "\n" * 501}, {"tests/end_to_end/long.py": "\n" * 501})
def no_file_is_too_long(sources, plan):
    for path, text in sources.items():
        lines = text.count("\n")
        if lines > plan.LINES_AT_MOST and path not in plan.LONGER:
            yield f"{path}: {lines} lines, more than {plan.LINES_AT_MOST}: it holds more than one idea"


@refuses({"vault/custody/entry.cc": "#include <rocksdb/db.h>\n"}, {"cli/main.cc": "#include <sodium.h>\n"},
         {"vault/bundle/bag.cc": "#  include <nlohmann/json.hpp>\n"}, {"vault/net/a.cc": "#include <boost/asio.hpp>\n"},
         {"vault/net/a.cc": "#include <httplib.h>\n"})
def a_library_has_one_owner(sources, plan):
    for path, text in sources.items():
        if not (is_cpp(path) and path.startswith(("cli/", "vault/", "tools/"))):
            continue
        for _, header in includes(text):
            folder = header.partition("/")[0] + "/" if "/" in header else header
            if not header or folder.rstrip("/") in plan.SYSTEM_FOLDERS or header in plan.SYSTEM_HEADERS or "." not in header:
                continue
            owners = plan.LIBRARIES.get(folder)
            if owners is None:
                yield f"{path}: <{header}> belongs to no library of the plan (tests/house/plan.py)"
            elif not path.startswith(tuple(owners)):
                yield f"{path}: only {', '.join(owners)} may include <{header}>"


@refuses({"vault/custody/state.cc": "use(key.ExposeSecret());\n"}, {"cli/main.cc": "x.ExposeSecretForWriting()\n"})
def secrets_leave_by_a_named_door(sources, plan):
    for path, text in sources.items():
        if is_product(path) and "ExposeSecret" in text and not path.startswith(tuple(plan.DOORS)):
            yield f"{path}: takes bytes out of a Secret, and tests/house/plan.py names no reason"


@refuses({"vault/base/a.h": "#pragma once\nint f();\n"}, {"cli/a.h": "// Says what it is for.\nint f();\n"},
         {"tests/support/a.h": "//\n#pragma once\n"})
def a_header_opens_with_what_it_is_for(sources, _):
    for path, text in sources.items():
        if path.endswith(".h") and not re.match(r"(//.*\n)*// \S.*\n(//.*\n)*#pragma once\n", text):
            yield f"{path}: a header opens with a comment on what it is for and what can go wrong, then #pragma once"


@refuses({"DOORS": {"vault/base/": "no secret is there"}}, {"LIBRARIES": {"zlib.h": ["vault/base/"]}},
         {"LONGER": {"cli/main.cc": "it is short"}})
def the_plan_names_what_is_there(sources, plan):
    """A door or an owner that is gone is taken out of the plan, so that nothing new walks through it."""
    for path in plan.DOORS:
        if not any(one.startswith(path) and "ExposeSecret" in text for one, text in sources.items()):
            yield f"tests/house/plan.py: no secret leaves by {path}"
    for library, owners in plan.LIBRARIES.items():
        for owner in owners:
            if not any(one.startswith(owner) and f"<{library}" in text for one, text in sources.items()):
                yield f"tests/house/plan.py: {owner} includes nothing of {library}"
    for path in plan.LONGER:
        if sources.get(path, "").count("\n") <= plan.LINES_AT_MOST:
            yield f"tests/house/plan.py: {path} needs no exception"


@refuses({"vault/base/text.h": "// Text.\nstd::uint64_t Count();\n"})
def a_header_includes_what_its_numbers_need(sources, plan):
    """One compiler's library brings <cstdint> along with others, and the next one's does not."""
    for path, text in sources.items():
        if path.endswith(".h") and re.search(r"std::u?int(8|16|32|64)_t", text) and "#include <cstdint>" not in text:
            yield f"{path}: uses std::uint…_t without <cstdint>"


RULES = [a_header_includes_what_its_numbers_need, includes_point_down, the_plan_points_down,
         internal_headers_stay_inside, no_include_circle, no_file_is_too_long, a_library_has_one_owner,
         secrets_leave_by_a_named_door, a_header_opens_with_what_it_is_for, the_plan_names_what_is_there]
