"""A small, strict validator: the part of SHACL (W3C, 2017) that stands in shapes.ttl, and what `case_validate` asks
besides: that each class and property that is used exists.

Whatever of SHACL is not understood here is an error, so that new shapes cannot pass unread. An instance of a class is
one of the classes above it, too; nothing else is inferred. Severities are SHACL's: a Violation fails, a Warning and an
Info do not.
"""
import calendar
import functools
import json
import re
from typing import NamedTuple, Optional

import rdflib
from rdflib.collection import Collection
from rdflib.namespace import OWL, RDF, RDFS, SH, XSD
from rdflib.plugins.sparql import prepareQuery

rdflib.NORMALIZE_LITERALS = False  # what was written is what is checked
prepared = functools.lru_cache(maxsize=None)(prepareQuery)


class Unsupported(Exception):
    """Shapes ask for what this validator does not know."""


class Finding(NamedTuple):
    severity: str    # Violation, Warning or Info
    constraint: str  # datatype, class, minCount, …
    focus: object    # the node that it is of
    path: object     # the property, or None where it is of the node itself
    value: object    # what is wrong, or None where the number of values is
    message: Optional[str] = None

    def __str__(self):
        of = f" {short(self.path)}" if self.path else ""
        value = "" if self.value is None or self.value == self.focus else f" of {self.value.n3()[:120]}"
        return f"{self.severity}: {self.constraint}{of}{value} at {self.focus}" + (f": {self.message}" if self.message else "")


def short(term):
    """core:name, of an IRI."""
    return ":".join(re.split(r"[/#]", str(term))[-2:])


# Literals. What SHACL calls ill-formed is refused, which many validators let pass.

def is_date_time(text):
    match = re.fullmatch(r"(-?(?:[1-9][0-9]{3,}|0[0-9]{3}))-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
                         r"T(?:(?:[01][0-9]|2[0-3])(?::[0-5][0-9]){2}(?:\.[0-9]+)?|24:00:00(?:\.0+)?)"
                         r"(?:Z|[+-](?:0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)?", text)
    if not match:
        return False
    year, month, day = map(int, match.groups())
    return day <= calendar.mdays[month] + (month == 2 and calendar.isleap(year))


def form(pattern):
    return lambda text: re.fullmatch(pattern, text) is not None


FORMS = {
    XSD.boolean: form("true|false|0|1"),
    XSD.dateTime: is_date_time,
    XSD.decimal: form(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)"),
    XSD.hexBinary: form("([0-9A-Fa-f]{2})*"),
    XSD.integer: form("[+-]?[0-9]+"),
    XSD.nonNegativeInteger: form(r"\+?[0-9]+|-0+"),
    # The characters of XML 1.1; those of 1.0 would leave out the controls, which names of files have.
    XSD.string: form("[^\0\ud800-\udfff\ufffe\uffff]*"),
}


def datatype_of(literal):
    return literal.datatype or (RDF.langString if literal.language else XSD.string)


def has_datatype(value, datatype):
    return isinstance(value, rdflib.Literal) and datatype_of(value) == datatype and FORMS[datatype](str(value))


def same_term(one, other):
    if not (isinstance(one, rdflib.Literal) and isinstance(other, rdflib.Literal)):
        return one == other
    return (str(one), one.language, datatype_of(one)) == (str(other), other.language, datatype_of(other))


KINDS = {
    SH.IRI: (rdflib.URIRef,), SH.BlankNode: (rdflib.BNode,), SH.Literal: (rdflib.Literal,),
    SH.BlankNodeOrIRI: (rdflib.BNode, rdflib.URIRef), SH.BlankNodeOrLiteral: (rdflib.BNode, rdflib.Literal),
    SH.IRIOrLiteral: (rdflib.URIRef, rdflib.Literal),
}


class Validator:
    def __init__(self, shapes, data):
        self.shapes, self.data = shapes, data
        self.everything = shapes + data
        # Each gives those of the values that break it.
        self.constraints = {
            SH["class"]: lambda focus, values, wanted: [v for v in values if wanted not in self.classes_of(v)],
            SH.datatype: lambda focus, values, wanted: [v for v in values if not has_datatype(v, wanted)],
            SH.nodeKind: lambda focus, values, wanted: [v for v in values if not isinstance(v, KINDS[wanted])],
            SH["in"]: lambda focus, values, wanted: [
                v for v in values if not any(same_term(v, one) for one in Collection(self.shapes, wanted))],
            SH.minCount: lambda focus, values, wanted: [None] if len(values) < int(wanted) else [],
            SH.maxCount: lambda focus, values, wanted: [None] if len(values) > int(wanted) else [],
            SH["not"]: lambda focus, values, wanted: [v for v in values if not any(self.check(wanted, v))],
            SH.sparql: lambda focus, values, wanted: [
                row.asdict().get("value", focus)
                for row in self.everything.query(self.queries[wanted], initBindings={"this": focus})],
        }
        self.queries = {}
        self.understand()

    def understand(self):
        """Raises Unsupported, where the shapes have what this validator does not know."""
        aims = {SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf}
        words = {SH.path, SH.property, SH.select, SH.severity, SH.message, SH.description, SH.name, SH.order}
        known = set(self.constraints) | aims | words
        one_of = {
            RDF.type: {SH.NodeShape, SH.PropertyShape, SH.SPARQLConstraint},
            SH.severity: {SH.Violation, SH.Warning, SH.Info}, SH.datatype: set(FORMS), SH.nodeKind: set(KINDS),
        }
        for subject, predicate, value in self.shapes:
            if str(predicate).startswith(str(SH)) and predicate not in known:
                raise Unsupported(f"{short(predicate)} of {subject}")
            is_foreign_type = predicate == RDF.type and not str(value).startswith(str(SH))
            if predicate in one_of and value not in one_of[predicate] and not is_foreign_type:
                raise Unsupported(f"{short(predicate)} {short(value)} of {subject}")
            if predicate == SH.path and not isinstance(value, rdflib.URIRef):
                raise Unsupported(f"the path of {subject} is more than a property")
            if predicate == SH.sparql:
                text = str(self.shapes.value(value, SH.select, default="$PATH"))
                if "$PATH" in text:
                    raise Unsupported(f"the query of {subject}")
                self.queries[value] = prepared(text)

    def classes_of(self, node):
        return {above for one in self.data.objects(node, RDF.type)
                for above in self.everything.transitive_objects(one, RDFS.subClassOf)}

    def targets(self):
        """Each shape with a node that it is aimed at, once."""
        aimed = set()
        instances = {}
        for node in set(self.data.subjects(RDF.type)):
            for one in self.classes_of(node):
                instances.setdefault(one, set()).add(node)
        for shape, aim in self.shapes.subject_objects(SH.targetClass):
            aimed |= {(shape, node) for node in instances.get(aim, ())}
        for shape in set(self.shapes.subjects(RDF.type, OWL.Class)) & set(self.shapes.subjects(RDF.type, SH.NodeShape)):
            aimed |= {(shape, node) for node in instances.get(shape, ())}
        for shape, aim in self.shapes.subject_objects(SH.targetSubjectsOf):
            aimed |= {(shape, node) for node in self.data.subjects(aim)}
        for shape, aim in self.shapes.subject_objects(SH.targetObjectsOf):
            aimed |= {(shape, node) for node in self.data.objects(None, aim)}
        return aimed

    def check(self, shape, focus):
        path = self.shapes.value(shape, SH.path)
        values = [focus] if path is None else list(set(self.data.objects(focus, path)))
        severity = self.shapes.value(shape, SH.severity, default=SH.Violation)
        message = self.shapes.value(shape, SH.message)
        for predicate, wanted in self.shapes.predicate_objects(shape):
            if predicate in self.constraints:
                for value in self.constraints[predicate](focus, values, wanted):
                    yield Finding(str(severity)[len(str(SH)):], str(predicate)[len(str(SH)):], focus, path, value, message)
        for inner in self.shapes.objects(shape, SH.property):
            for value in values:
                yield from self.check(inner, value)

    def unknown(self):
        """What is used and not defined. Foreign words, too: shapes.ttl has the shapes of what is in it alone."""
        properties = {OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty}
        for focus, predicate, value in self.data:
            if predicate == RDF.type:
                if (value, RDF.type, OWL.Class) not in self.shapes:
                    yield Finding("Violation", "unknown class", focus, None, value)
            elif not properties & set(self.shapes.objects(predicate, RDF.type)):
                yield Finding("Violation", "unknown property", focus, predicate, None)

    def findings(self):
        found = {finding for shape, node in self.targets() for finding in self.check(shape, node)}
        return sorted(found | set(self.unknown()), key=str)


def read_graph(text):
    """The graph of JSON-LD. What JSON-LD would pass over in silence is an error: a key twice, or one of no vocabulary."""
    def once(pairs):
        if len(dict(pairs)) != len(pairs):
            raise ValueError(f"a key stands twice: {[key for key, _ in pairs]}")
        return dict(pairs)

    def is_known(name):
        """A term of the context, or a name under one of its vocabularies."""
        prefix, colon, _ = name.partition(":")
        return name in context or bool(colon) and str(context.get(prefix)).endswith(("/", "#"))

    def walk(value):
        if isinstance(value, list):
            for one in value:
                walk(one)
        if isinstance(value, dict):
            for key, inner in value.items():
                if not key.startswith("@") and not is_known(key):
                    raise ValueError(f"the key {key!r} is of no vocabulary")
                walk(inner)

    document = json.loads(text, object_pairs_hook=once)
    if set(document) != {"@context", "@graph"}:
        raise ValueError("more than a context and a graph")
    context = {term: means for term, means in document["@context"].items() if not term.startswith("@")}
    for term, means in context.items():
        iri = means["@id"] if isinstance(means, dict) else means
        if not iri.startswith(("http:", "https:")) and not is_known(iri):
            raise ValueError(f"the term {term!r} is of no vocabulary")
    walk(document["@graph"])
    return rdflib.Graph().parse(data=text, format="json-ld")


def read_shapes(path):
    return rdflib.Graph().parse(path, format="turtle")
