#!/usr/bin/env python3
"""Makes shapes.ttl: the part of the published CASE and UCO ontologies that our graph can touch.

    git clone --branch 1.4.0 https://github.com/casework/CASE
    git clone --branch 1.4.0 https://github.com/ucoProject/UCO
    tests/case_uco/extract.py CASE UCO > tests/case_uco/shapes.ttl

The sources are written so that each subject is a block of its own, from its name in the first column to a line with
a full stop. Blocks are copied as they stand: those of the classes and properties below, of all above them, of the
vocabularies that they name, and of the shapes that they have or that aim at them. At the end the copy is parsed and
must say of each of these all that the sources say.

Needs rdflib (Debian: python3-rdflib) and git.
"""
import re
import subprocess
import sys
from pathlib import Path

import rdflib
from rdflib.compare import isomorphic
from rdflib.namespace import OWL, RDF, RDFS, SH

CASE = "https://ontology.caseontology.org/case/"
UCO = "https://ontology.unifiedcyberontology.org/uco/"
# What vault/tell/case_graph.cc writes. What is used and not named here fails the test.
USED = [
    CASE + "investigation/" + name for name in (
        "Investigation", "InvestigativeAction", "ProvenanceRecord", "exhibitNumber", "investigationForm",
        "rootExhibitNumber", "wasInformedBy")
] + [
    UCO + name for name in (
        "action/object", "action/participant", "action/performer", "action/result", "action/startTime",
        "core/Relationship", "core/description", "core/hasFacet", "core/isDirectional", "core/kindOfRelationship",
        "core/name", "core/object", "core/source", "core/target", "identity/Organization", "identity/Person",
        "observable/ContentDataFacet", "observable/File", "observable/FileFacet", "observable/accessedTime",
        "observable/fileName", "observable/filePath", "observable/hash", "observable/metadataChangeTime",
        "observable/modifiedTime", "observable/observableCreatedTime", "observable/sizeInBytes",
        "types/Hash", "types/hashMethod", "types/hashValue")
]
ABOVE = {RDFS.subClassOf, RDFS.subPropertyOf}
AIMS = (SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf)


def git(folder, *arguments):
    return subprocess.run(["git", "-C", folder, *arguments], capture_output=True, text=True, check=True).stdout.strip()


def split(text):
    """The prefixes, as they stand and by name, and pairs of a subject as it stands and its block."""
    prefixes = re.findall(r"^@prefix .*\n", text, re.M)
    names = dict(re.match(r"@prefix ([^:]*): <(.*)> \.", line).groups() for line in prefixes)
    blocks = [(match.group(1), match.group(0)) for match in re.finditer(r"^([^\s@#]\S*)\n(?:.*\n)*?\t\.\n", text, re.M)]
    return prefixes, names, blocks


def expand(subject, names):
    if subject.startswith("<"):
        return rdflib.URIRef(subject[1:-1])
    prefix, _, local = subject.partition(":")
    return rdflib.URIRef(names[prefix] + local) if prefix in names else None


def said_of(graph, node):
    """The triples of a node, and of the blank nodes that it leads to."""
    for triple in graph.triples((node, None, None)):
        yield triple
        if isinstance(triple[2], rdflib.BNode):
            yield from said_of(graph, triple[2])


def leads_on(graph, predicate, value):
    """Whether what is copied needs this value of it, too."""
    if not isinstance(value, rdflib.URIRef) or not str(value).startswith((CASE, UCO)):
        return False
    types = set(graph.objects(value, RDF.type))
    is_shape = bool(types & {SH.NodeShape, SH.PropertyShape}) and OWL.Class not in types
    return predicate in ABOVE or is_shape or RDFS.Datatype in types


def choose(graph):
    chosen, todo = set(), [rdflib.URIRef(name) for name in USED]
    while todo:
        node = todo.pop()
        if node in chosen:
            continue
        if (node, None, None) not in graph:
            sys.exit(f"{node} is not in the sources")
        chosen.add(node)
        todo += [value for _, predicate, value in said_of(graph, node) if leads_on(graph, predicate, value)]
        todo += [shape for aim in AIMS for shape in graph.subjects(aim, node) if isinstance(shape, rdflib.URIRef)]
    return chosen


def head(case, uco):
    tags = {name: git(folder, "describe", "--tags", "--exact-match") for name, folder in (("CASE", case), ("UCO", uco))}
    commits = {"CASE": git(case, "rev-parse", "HEAD"), "UCO": git(uco, "rev-parse", "HEAD")}
    if commits["UCO"] not in git(case, "ls-tree", "HEAD", "dependencies/UCO"):
        sys.exit("this CASE is made on another UCO: see its dependencies/UCO")
    for folder in (case, uco):
        if "Apache License\n                           Version 2.0" not in (Path(folder) / "LICENSE").read_text():
            sys.exit(f"{folder}/LICENSE is not the one that is stated")
    return f"""\
# Extracted by extract.py, which says how; not to be edited. Blocks are copied unchanged from the ontologies of
#   CASE {tags["CASE"]}  https://github.com/casework/CASE     commit {commits["CASE"]}
#   UCO {tags["UCO"]}   https://github.com/ucoProject/UCO    commit {commits["UCO"]}
# each under the Apache License, version 2.0. What our graph does not touch was left out.
"""


def main():
    case, uco = sys.argv[1:]
    files = sorted((Path(case) / "ontology").glob("*/*.ttl")) + sorted((Path(uco) / "ontology").glob("**/*.ttl"))
    graph = rdflib.Graph()
    for file in files:
        graph.parse(file, format="turtle")
    chosen = choose(graph)
    out = head(case, uco)
    for file in files:
        prefixes, names, blocks = split(file.read_text())
        copied = [block for subject, block in blocks if expand(subject, names) in chosen]
        if copied:
            root = Path(case) if file.is_relative_to(case) else Path(uco)
            title = f"{'CASE' if root == Path(case) else 'UCO'}: {file.relative_to(root)}"
            out += f"\n# {title}\n\n" + "".join(prefixes) + "\n" + "\n".join(copied)
    said = rdflib.Graph()
    for node in chosen:
        for triple in said_of(graph, node):
            said.add(triple)
    if not isomorphic(said, rdflib.Graph().parse(data=out, format="turtle")):
        sys.exit("the copy does not say what the sources say: is a block written otherwise than it says above?")
    sys.stdout.write(out)


if __name__ == "__main__":
    main()
