"""Mistakes in a good graph, one at a time, and what the validator must say of each."""
import json

ACTION = "InvestigativeAction"
RECORD = "ProvenanceRecord"
INVESTIGATION = "Investigation"
FILE = "File"
PERSON = "Person"
AFFILIATION = "Relationship"


class Nodes:
    def __init__(self, document):
        self.all = document["@graph"]

    def first(self, kind, key="@id"):
        return next(node for node in self.all if node["@type"] == kind and key in node)

    def facet(self, kind):
        """Of a file that has facets."""
        return next(one for one in self.first(FILE, "hasFacet")["hasFacet"] if one["@type"].endswith(kind))

    def hash(self):
        return self.facet("ContentDataFacet")["hash"][0]

    def reference(self, kind):
        return {"@id": self.first(kind)["@id"]}


def put(node, key, value):
    node[key] = value


def rename(node, key, other):
    node[other] = node.pop(key)


def text(value):
    """Text, whatever the context says of its property."""
    return {"@value": value, "@type": "xsd:string"}


# By name: severity, constraint and property of the finding, and what is done to the nodes.
MUTATIONS = {
    "no hash value": (("Violation", "minCount", "hashValue"), lambda n: n.hash().pop("hashValue")),
    "no hash method": (("Violation", "minCount", "hashMethod"), lambda n: n.hash().pop("hashMethod")),
    "two hash methods": (("Violation", "maxCount", "hashMethod"),
        lambda n: put(n.hash(), "hashMethod", ["MD5", "SHA1"])),
    "two sizes": (("Violation", "maxCount", "sizeInBytes"),
        lambda n: put(n.facet("FileFacet"), "sizeInBytes", [1, 2])),
    "two names": (("Violation", "maxCount", "name"), lambda n: put(n.first(PERSON), "name", ["a", "b"])),
    "two exhibit numbers": (("Violation", "maxCount", "exhibitNumber"),
        lambda n: put(n.first(RECORD), "exhibitNumber", ["1", "2"])),
    "two performers": (("Violation", "maxCount", "performer"),
        lambda n: put(n.first(ACTION), "performer", [n.reference(PERSON), n.reference(FILE)])),
    "a hash in Base64": (("Violation", "datatype", "hashValue"),
        lambda n: put(n.hash(), "hashValue", "47DEQpj8HBSa")),
    "half a byte": (("Violation", "datatype", "hashValue"), lambda n: put(n.hash(), "hashValue", "abc")),
    "a hash as text": (("Violation", "datatype", "hashValue"), lambda n: put(n.hash(), "hashValue", text("abcd"))),
    "a size as text": (("Violation", "datatype", "sizeInBytes"),
        lambda n: put(n.facet("FileFacet"), "sizeInBytes", "1")),
    "a broken size": (("Violation", "datatype", "sizeInBytes"),
        lambda n: put(n.facet("FileFacet"), "sizeInBytes", 1.5)),
    "a name in a language": (("Violation", "datatype", "name"),
        lambda n: put(n.first(PERSON), "name", {"@value": "a", "@language": "en"})),
    "a number as name": (("Violation", "datatype", "name"), lambda n: put(n.first(PERSON), "name", 7)),
    "NUL in a name": (("Violation", "datatype", "fileName"),
        lambda n: put(n.facet("FileFacet"), "fileName", "a\0b")),
    "a time as text": (("Violation", "datatype", "startTime"),
        lambda n: put(n.first(ACTION), "startTime", text("2025-02-18T02:03:04Z"))),
    "a time without T": (("Violation", "datatype", "startTime"),
        lambda n: put(n.first(ACTION), "startTime", "2025-02-18 02:03:04Z")),
    "30 February": (("Violation", "datatype", "startTime"), lambda n: put(n.first(ACTION), "startTime", "2025-02-30T02:03:04Z")),
    "a performer who is a facet": (("Violation", "class", "performer"),
        lambda n: put(n.first(ACTION), "performer", {"@id": n.facet("FileFacet")["@id"]})),
    "a performer who is nowhere": (("Violation", "class", "performer"),
        lambda n: put(n.first(ACTION), "performer", {"@id": "kb:person-nobody"})),
    "a performer by name": (("Violation", "nodeKind", "performer"),
        lambda n: put(n.first(ACTION), "performer", text("Alice"))),
    "informed by a record": (("Violation", "class", "wasInformedBy"),
        lambda n: put(n.first(ACTION), "wasInformedBy", n.reference(RECORD))),
    "a hash that is a person": (("Violation", "class", "hash"),
        lambda n: n.facet("ContentDataFacet")["hash"].append(n.reference(PERSON))),
    "a record of a hash": (("Violation", "class", "object"),
        lambda n: put(n.first(RECORD), "object", {"@id": n.hash()["@id"]})),
    "a person without a node's name": (("Violation", "sparql", ""), lambda n: n.all.append({"@type": PERSON})),
    "a facet of two files": (("Violation", "sparql", "hasFacet"),
        lambda n: n.all.append({"@id": "kb:file-6512a8c4-5513-562f-9f5a-aedc971b101e", "@type": FILE,
                                "hasFacet": {"@id": n.facet("FileFacet")["@id"]}})),
    "a file that is a URL": (("Violation", "unknown class", ""),
        lambda n: put(n.first(FILE), "@type", [FILE, "uco-observable:URL"])),
    "a misspelt class": (("Violation", "unknown class", ""),
        lambda n: put(n.first(PERSON), "@type", "uco-identity:Persona")),
    "a misspelt property": (("Violation", "unknown property", "exhibitNumbr"), lambda n: rename(
        n.first(RECORD), "exhibitNumber", "case-investigation:exhibitNumbr")),
    "a property of another vocabulary": (("Violation", "unknown property", "name"),
        lambda n: rename(n.first(PERSON), "name", "uco-identity:name")),
    "a class as property": (("Violation", "unknown property", "Hash"), lambda n: put(n.hash(), "uco-types:Hash", "x")),
    "a form that nobody knows": (("Info", "in", "investigationForm"),
        lambda n: put(n.first(INVESTIGATION), "investigationForm", "breach")),
    "two forms": (("Violation", "maxCount", "investigationForm"),
        lambda n: put(n.first(INVESTIGATION), "investigationForm", ["case", "incident"])),
    "a hash method that nobody knows": (("Info", "in", "hashMethod"),
        lambda n: put(n.hash(), "hashMethod", "SHA-256")),
    "a hash method of another type": (("Warning", "datatype", "hashMethod"),
        lambda n: put(n.hash(), "hashMethod", {"@type": "xsd:token", "@value": "SHA256"})),
    "a record that is a facet, too": (("Warning", "not", ""),
        lambda n: put(n.first(RECORD), "@type", [RECORD, "uco-observable:FileFacet"])),
    "an affiliation of nobody": (("Violation", "minCount", "source"), lambda n: n.first(AFFILIATION).pop("source")),
    "an affiliation without a direction": (("Violation", "minCount", "isDirectional"),
        lambda n: n.first(AFFILIATION).pop("isDirectional")),
    "a time of access as text": (("Violation", "datatype", "accessedTime"),
        lambda n: put(n.facet("FileFacet"), "accessedTime", text("2025-02-18T02:03:04Z"))),
    "no UUID": (("Info", "sparql", ""), lambda n: n.all.append({"@id": "kb:person-1", "@type": PERSON})),
}


def mutate(text, name):
    document = json.loads(text)
    MUTATIONS[name][1](Nodes(document))
    return json.dumps(document)
