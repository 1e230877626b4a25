// The files of a bundle's log/, and proof files, which are made of them: what is read is written again to the same bytes.
#include "vault/bundle/hidden_subtrees.h"
#include "vault/bundle/proof_file.h"
#include "vault/bundle/told_log.h"

namespace {

using namespace exhibit;

void CheckEntries(std::string_view text) {
  const bundle::LogPart part{std::string(text)};
  bundle::EntryReader reader(part);
  std::string again;
  for (;;) {
    const auto entry = reader.Next();
    if (!entry) return;
    if (entry->empty()) break;
    again += *entry;
  }
  EXHIBIT_ASSERT(again == text);
}

void CheckBlocks(std::string_view text) {
  const bundle::LogPart part{std::string(text)};
  if (const auto blocks = bundle::FindBlocks(part)) {
    std::string again;
    for (const bundle::ToldBlock& block : *blocks) {
      if (block.lines.bytes == 0) return;  // only read: nobody writes one
      bundle::AppendBlock(again, block.entry, *part.Read(block.lines));
    }
    EXHIBIT_ASSERT(again == text);
  }
  if (const auto blocks = bundle::FindFieldBlocks(part)) {
    std::uint64_t bytes = 0;
    for (const bundle::ToldBlock& block : *blocks) bytes += block.lines.bytes;
    EXHIBIT_ASSERT(bytes <= text.size());
  }
}

void CheckLines(std::string_view text) {
  std::string again;
  if (const auto files = bundle::ParseFiles(text)) {
    for (const bundle::ToldFile& file : *files) bundle::AppendFile(again, file);
    EXHIBIT_ASSERT(again == text);
  }
  if (const auto tokens = bundle::ParseTokens(text)) {
    again.clear();
    for (const Bytes& token : *tokens) bundle::AppendToken(again, token);
    EXHIBIT_ASSERT(again == text);
  }
  if (const auto subtrees = bundle::ParseSubtrees(text)) EXHIBIT_ASSERT(bundle::EncodeSubtrees(*subtrees) == text);
  if (const auto shown = bundle::ParseShownParts(text, {})) EXHIBIT_ASSERT(bundle::EncodeParts(shown->parts) == text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = TextOf(ByteView(data, size));
  CheckEntries(text);
  CheckBlocks(text);
  CheckLines(text);
  if (const auto proof = bundle::ParseProofFile(text)) EXHIBIT_ASSERT(bundle::EncodeProofFile(*proof) == text);
  return 0;
}
