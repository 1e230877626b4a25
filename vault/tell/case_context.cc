#include "vault/tell/case_context.h"

#include <array>

#include "vault/base/bytes.h"
#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/crypto/hash.h"

namespace exhibit::tell {
namespace {

constexpr std::string_view kNames = R"({"@context":{"@version":1.1,"kb":"http://example.org/kb/",
"case-investigation":"https://ontology.caseontology.org/case/investigation/",
"uco-action":"https://ontology.unifiedcyberontology.org/uco/action/",
"uco-core":"https://ontology.unifiedcyberontology.org/uco/core/",
"uco-identity":"https://ontology.unifiedcyberontology.org/uco/identity/",
"uco-observable":"https://ontology.unifiedcyberontology.org/uco/observable/",
"uco-types":"https://ontology.unifiedcyberontology.org/uco/types/",
"xsd":"http://www.w3.org/2001/XMLSchema#",
"Investigation":"case-investigation:Investigation","InvestigativeAction":"case-investigation:InvestigativeAction",
"ProvenanceRecord":"case-investigation:ProvenanceRecord","Person":"uco-identity:Person",
"Organization":"uco-identity:Organization","Relationship":"uco-core:Relationship","File":"uco-observable:File",
"FileFacet":"uco-observable:FileFacet","ContentDataFacet":"uco-observable:ContentDataFacet","Hash":"uco-types:Hash",
"name":"uco-core:name","description":"uco-core:description","object":{"@id":"uco-core:object","@type":"@id"},
"source":{"@id":"uco-core:source","@type":"@id"},"target":{"@id":"uco-core:target","@type":"@id"},
"kindOfRelationship":"uco-core:kindOfRelationship","isDirectional":"uco-core:isDirectional",
"investigationForm":"case-investigation:investigationForm","exhibitNumber":"case-investigation:exhibitNumber",
"rootExhibitNumber":"case-investigation:rootExhibitNumber",
"startTime":{"@id":"uco-action:startTime","@type":"xsd:dateTime"},
"performer":{"@id":"uco-action:performer","@type":"@id"},"participant":{"@id":"uco-action:participant","@type":"@id"},
"wasInformedBy":{"@id":"case-investigation:wasInformedBy","@type":"@id"},
"actionObject":{"@id":"uco-action:object","@type":"@id"},"result":{"@id":"uco-action:result","@type":"@id"},
"hasFacet":"uco-core:hasFacet","fileName":"uco-observable:fileName","filePath":"uco-observable:filePath",
"sizeInBytes":"uco-observable:sizeInBytes","modifiedTime":{"@id":"uco-observable:modifiedTime","@type":"xsd:dateTime"},
"accessedTime":{"@id":"uco-observable:accessedTime","@type":"xsd:dateTime"},
"metadataChangeTime":{"@id":"uco-observable:metadataChangeTime","@type":"xsd:dateTime"},
"observableCreatedTime":{"@id":"uco-observable:observableCreatedTime","@type":"xsd:dateTime"},
"hash":"uco-observable:hash","hashMethod":"uco-types:hashMethod",
"hashValue":{"@id":"uco-types:hashValue","@type":"xsd:hexBinary"})";

struct KindOfNode {
  std::string_view prefix;
  std::string_view word;   // in the identifier
  std::string_view apart;  // what tells those of one word apart
};
// By NodeKind.
constexpr std::array<KindOfNode, 10> kKinds = {{{"f", "file", ""},
                                                {"n", "file-facet", ""},
                                                {"c", "content-data-facet", ""},
                                                {"sha256", "hash", "/SHA256"},
                                                {"sha512", "hash", "/SHA512"},
                                                {"sha1", "hash", "/SHA1"},
                                                {"md5", "hash", "/MD5"},
                                                {"r", "provenance-record", ""},
                                                {"a", "investigative-action", ""},
                                                {"p", "person", ""}}};

}  // namespace

std::string UuidOfUrl(std::string_view url) {
  constexpr std::array<std::uint8_t, 16> kUrls = {0x6b, 0xa7, 0xb8, 0x11, 0x9d, 0xad, 0x11, 0xd1,
                                                  0x80, 0xb4, 0x00, 0xc0, 0x4f, 0xd4, 0x30, 0xc8};
  crypto::Hasher hasher(crypto::HashAlgorithm::kSha1);
  hasher.Update(kUrls);
  hasher.Update(ViewOf(url));
  Bytes digest = hasher.Finish();
  digest[6] = static_cast<std::uint8_t>((digest[6] & 0x0F) | 0x50);
  digest[8] = static_cast<std::uint8_t>((digest[8] & 0x3F) | 0x80);
  std::string uuid = ToHex(ByteView(digest).first(16));
  for (const std::size_t at : {20U, 16U, 12U, 8U}) uuid.insert(at, "-");
  return uuid;
}

std::string IdAt(NodeKind kind, std::uint64_t position) {
  return Format("{}:{:012x}", kKinds[static_cast<std::size_t>(kind)].prefix, position);
}

std::string BeginningOfGraph(std::string_view fingerprint) {
  constexpr std::size_t kFirst80Bits = 24;  // characters of a UUID, with the hyphen after them
  std::string text(kNames);
  for (const KindOfNode& kind : kKinds) {
    const std::string uuid = UuidOfUrl(Format("exhibit:{}/{}{}", fingerprint, kind.word, kind.apart));
    text +=
        Format(R"(,"{}":{{"@id":"kb:{}-{}","@prefix":true}})", kind.prefix, kind.word, uuid.substr(0, kFirst80Bits));
  }
  return text + "},\n\"@graph\":[\n";
}

}  // namespace exhibit::tell
