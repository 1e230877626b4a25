#include "vault/verify/report.h"

#include <algorithm>

namespace exhibit::verify {

std::string_view ToText(Depth depth) {
  switch (depth) {
    case Depth::kLog: return "log";
    case Depth::kSealed: return "sealed";
    case Depth::kContent: return "content";
  }
  InternalError("a depth has no word", __FILE__, __LINE__);
}

std::string_view ToText(Property property) {
  switch (property) {
    case Property::kHead: return "head";
    case Property::kGenesis: return "genesis";
    case Property::kEntry: return "entry";
    case Property::kChain: return "chain";
    case Property::kSignature: return "signature";
    case Property::kTree: return "tree";
    case Property::kTile: return "tile";
    case Property::kIndex: return "index";
    case Property::kHeader: return "header";
    case Property::kPayload: return "payload";
    case Property::kSealed: return "sealed";
    case Property::kContent: return "content";
    case Property::kMetadata: return "metadata";
    case Property::kBundle: return "bundle";
    case Property::kConsistency: return "consistency";
    case Property::kTimestamp: return "timestamp";
    case Property::kPolicy: return "policy";
    case Property::kMedium: return "medium";
  }
  InternalError("a property has no word", __FILE__, __LINE__);
}

void Report::Add(Property property, std::optional<tlog::Sequence> entry, const Error& error) {
  if (error.code != ErrorCode::kIo) {
    findings.push_back({property, entry, {}, {}, error.message});
  } else if (std::ranges::find(undecided, error.message) == undecided.end()) {
    undecided.push_back(error.message);
  }
}

std::string Describe(const Finding& finding) {
  std::string text;
  if (finding.entry) text += "entry " + std::to_string(finding.entry->value) + ": ";
  if (finding.block) text += "block " + std::to_string(*finding.block) + ": ";
  if (finding.range && finding.range->bytes > 0) {
    text += "bytes " + std::to_string(finding.range->offset) + "-" +
            std::to_string(finding.range->offset + finding.range->bytes - 1) + " of the payload: ";
  }
  return text + finding.message;
}

}  // namespace exhibit::verify
