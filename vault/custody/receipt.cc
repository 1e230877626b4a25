#include "vault/custody/receipt.h"

#include <algorithm>

#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/custody/free_text.h"
#include "vault/custody/json_fields.h"
#include "vault/custody/signatures.h"
#include "vault/tlog/note.h"

namespace exhibit::custody {
namespace {

constexpr std::uint64_t kVersion = 1;
constexpr std::string_view kStatement = "receipt";
constexpr std::string_view kHolds = "holds";
constexpr std::string_view kFails = "fails";
constexpr std::string_view kFingerprint = "fingerprint";
constexpr std::string_view kPolicy = "policy";
constexpr std::string_view kSealed = "sealed";
constexpr std::string_view kContent = "content";

std::string EncodeText(const Receipt& receipt) {
  Json json = {{"v", kVersion},
               {"statement", std::string(kStatement)},
               {"origin", std::string(receipt.origin.text())},
               {"bundle", ToHex(receipt.bundle.view())},
               {"checkpoint", std::string(TextOf(receipt.checkpoint.note()))},
               {"made_by", receipt.made_by},
               {"made", FormatTime(receipt.made)},
               {"received_by", receipt.received_by.ToText()},
               {"time", FormatTime(receipt.time)},
               {"outcome", std::string(receipt.finding ? kFails : kHolds)},
               {"depth", std::string(receipt.depth == Receipt::Depth::kContent ? kContent : kSealed)}};
  if (!receipt.believed.empty()) {
    Json words = Json::List();
    for (const Receipt::Belief belief : receipt.believed) {
      words.push_back(std::string(belief == Receipt::Belief::kPolicy ? kPolicy : kFingerprint));
    }
    json["believed"] = std::move(words);
  }
  json["items"] = receipt.items.ToText();
  if (receipt.failed) json["failed"] = receipt.failed->ToText();
  if (receipt.finding) json["finding"] = *receipt.finding;
  return json.Dump() + "\n";
}

// One of two words.
Result<bool> IsSecond(const Fields& fields, const char* name, std::string_view first, std::string_view second) {
  TRY(const std::string word, fields.Text(name));
  if (word == first) return false;
  if (word == second) return true;
  return Fail(ErrorCode::kInvalid, Format("\"{}\" is neither \"{}\" nor \"{}\"", name, first, second));
}

Result<std::vector<Receipt::Belief>> ReadBelieved(const Fields& fields) {
  std::vector<Receipt::Belief> believed;
  if (!fields.Has("believed")) return believed;
  TRY(const std::vector<std::string> words, fields.Texts("believed"));
  for (const std::string& word : words) {
    if (word != kFingerprint && word != kPolicy) {
      return Fail(ErrorCode::kInvalid, Format("\"believed\": unknown \"{}\"", Printable(word.substr(0, 64))));
    }
    const auto belief = word == kPolicy ? Receipt::Belief::kPolicy : Receipt::Belief::kFingerprint;
    if (!believed.empty() && belief <= believed.back()) {
      return Fail(ErrorCode::kInvalid, "\"believed\" is not in order, each once");
    }
    believed.push_back(belief);
  }
  return believed;
}

bool IsAmong(const ItemSet& some, const ItemSet& all) {
  return std::ranges::all_of(some.ranges(), [&](const ItemSet::Range& one) {
    return std::ranges::any_of(all.ranges(),
                               [&](const ItemSet::Range& of) { return of.first <= one.first && one.last <= of.last; });
  });
}

Result<ItemSet> ReadSet(const Fields& fields, const char* name) {
  TRY(const std::string text, fields.Text(name));
  auto items = ItemSet::Parse(text);
  if (!items) return Fail(std::move(items).error().In(Format("\"{}\"", name)));
  return items;
}

// What fails says what; what holds has nothing that failed.
Result<void> ReadOutcome(const Fields& fields, Receipt& receipt) {
  TRY(const bool fails, IsSecond(fields, "outcome", kHolds, kFails));
  if (fields.Has("failed")) {
    TRY(receipt.failed, ReadSet(fields, "failed"));
    if (!IsAmong(*receipt.failed, receipt.items))
      return Fail(ErrorCode::kInvalid, "\"failed\" names what is not in \"items\"");
  }
  TRY(receipt.finding, fields.OptionalLine("finding", kMaxLineBytes));
  if (fails == receipt.finding.has_value() && (fails || !receipt.failed)) return {};
  return Fail(ErrorCode::kInvalid,
              fails ? "\"outcome\" is \"fails\" without a \"finding\"" : "\"outcome\" is \"holds\", with a finding");
}

Result<Receipt> Read(const Fields& fields) {
  TRY(const std::uint64_t version, fields.Number("v"));
  if (version != kVersion) {
    return Fail(ErrorCode::kUnsupported, Format("version {} is not known", version),
                "a newer version of exhibit may know it");
  }
  TRY(const std::string kind, fields.Text("statement"));
  if (kind != kStatement) {
    return Fail(ErrorCode::kInvalid, Format("\"{}\" is no receipt", Printable(kind.substr(0, 64))));
  }
  TRY(const std::string origin_text, fields.Text("origin"));
  TRY(tlog::Origin origin, tlog::Origin::Parse(origin_text));
  TRY(const auto bundle, fields.Hex<crypto::Sha256Digest>("bundle"));
  TRY(const std::string note, fields.Text("checkpoint"));
  TRY(NotedCheckpoint checkpoint, NotedCheckpoint::ParseWithLogSignatureOnly(ToBytes(ViewOf(note))));
  TRY(std::string made_by, fields.Line("made_by", kMaxLineBytes));
  TRY(const std::string made_text, fields.Text("made"));
  TRY(const Moment made, ParseCanonicalTime(made_text));
  TRY(const std::string key_text, fields.Text("received_by"));
  TRY(tlog::VerifierKey received_by, tlog::VerifierKey::Parse(key_text));
  if (received_by.type() != tlog::SignatureType::kEd25519) {
    return Fail(ErrorCode::kInvalid, "\"received_by\" is a key for cosignatures only");
  }
  TRY(const std::string time_text, fields.Text("time"));
  TRY(const Moment time, ParseCanonicalTime(time_text));
  TRY(const bool content, IsSecond(fields, "depth", kSealed, kContent));
  TRY(std::vector<Receipt::Belief> believed, ReadBelieved(fields));
  TRY(ItemSet items, ReadSet(fields, "items"));
  Receipt receipt{std::move(origin),
                  bundle,
                  std::move(checkpoint),
                  std::move(made_by),
                  made,
                  std::move(received_by),
                  time,
                  content ? Receipt::Depth::kContent : Receipt::Depth::kSealed,
                  std::move(believed),
                  std::move(items)};
  TRY_VOID(ReadOutcome(fields, receipt));
  return receipt;
}

Result<Receipt> Decode(std::string_view text) {
  TRY(const Json json, ParseObject(text));
  TRY(Receipt receipt, Read(Fields(json)));
  if (EncodeText(receipt) == text) return receipt;
  return Fail(ErrorCode::kInvalid,
              "not in the one form that a statement may have "
              "(unknown, repeated or reordered fields, or white space)");
}

}  // namespace

SignedReceipt::SignedReceipt(Receipt receipt, std::string_view text, Bytes bytes)
    : receipt_(std::move(receipt)),
      bytes_(std::move(bytes)),
      hash_(*StatementHash::From(crypto::Sha256(ViewOf(text)).view())) {}

Result<SignedReceipt> SignedReceipt::Sign(const Receipt& receipt, const tlog::SigningKey& key) {
  EXHIBIT_ASSERT(receipt.received_by == key.verifier());
  TRY_VOID(CheckFreeTexts(FreeTextsOf(receipt)));
  TRY(Bytes bytes, tlog::SignNote(EncodeText(receipt), key));
  return Parse(std::move(bytes));
}

Result<SignedReceipt> SignedReceipt::Parse(Bytes bytes) {
  if (bytes.size() > kMaxReceiptBytes) {
    return Fail(ErrorCode::kInvalid, Format("receipt: longer than {} bytes", kMaxReceiptBytes));
  }
  TRY(const tlog::SignedNote note, tlog::SignedNote::Parse(bytes));
  auto receipt = Decode(note.text());
  if (!receipt) return Fail(std::move(receipt).error().In("receipt"));
  return SignedReceipt(std::move(*receipt), note.text(), std::move(bytes));
}

Result<void> SignedReceipt::CheckSignatures(std::span<const tlog::VerifierKey> keys) const {
  auto checked = CheckExactSignatures(bytes_, keys);
  if (!checked) return Fail(std::move(checked).error().In("receipt"));
  return {};
}

}  // namespace exhibit::custody
