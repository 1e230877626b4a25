// Statements: notes that are made outside of the log, and that an entry carries, or a bundle.
//
//   {"v":1,"statement":"collected", … the members of its kind … }\n
//   \n
//   — x7.example/q4d2/k2 <base64 of key id and Ed25519 signature>\n
//
// One frame for all: a kind is a struct with a name, a limit and a table of members (statements/). Its JSON has one form
// (vault/base/canonical.h), so what is parsed and written again is the same bytes.
#pragma once

#include <concepts>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "vault/base/bytes.h"
#include "vault/base/canonical_form.h"
#include "vault/base/error.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/custody/digests.h"
#include "vault/custody/signatures.h"
#include "vault/tlog/note.h"
#include "vault/tlog/note_key.h"

namespace exhibit::custody {

inline constexpr std::uint64_t kStatementVersion = 1;

template <typename T>
concept StatementKind = HasMembers<T> && requires {
  { T::kName } -> std::convertible_to<std::string_view>;
  { T::kMaxBytes } -> std::convertible_to<std::size_t>;
};

// One line of JSON with its line feed.
template <StatementKind T>
std::string EncodeStatement(const T& statement) {
  CanonicalWriter out;
  out.Raw("{");
  out.Member("v");
  out.Number(kStatementVersion);
  out.Member("statement");
  out.Text(T::kName);
  WriteMembers(out, statement);
  out.Raw("}\n");
  return std::move(out).Take();
}
// kInvalid naming the member and the rule.
template <StatementKind T>
Result<T> DecodeStatement(std::string_view text) {
  CanonicalReader in(text);
  TRY_VOID(in.Expect("{"));
  TRY_VOID(in.ExpectMember("v"));
  TRY(const std::uint64_t version, in.Number());
  if (version != kStatementVersion) return in.Refuse(Format("version {} is not known", version));
  TRY_VOID(in.ExpectMember("statement"));
  TRY(const std::string_view kind, in.Text());
  if (kind != T::kName)
    return in.Refuse("\"" + PrintableUpTo(64, kind) + "\" instead of \"" + std::string(T::kName) + "\"");
  TRY(T statement, ReadMembers<T>(in));
  TRY_VOID(in.Expect("}\n"));
  TRY_VOID(in.End());
  return statement;
}

template <StatementKind T>
class SignedText {
 public:
  // kInvalid if a reader would refuse the result.
  static Result<SignedText> Sign(const T& statement, const tlog::SigningKey& key) {
    TRY(Bytes bytes, tlog::SignNote(EncodeStatement(statement), key));
    return Parse(std::move(bytes));
  }
  // Adds a second signature after those it has.
  Result<SignedText> Countersign(const tlog::SigningKey& key) const {
    TRY(const tlog::SignedNote note, tlog::SignedNote::Parse(bytes_));
    TRY(Bytes bytes, tlog::AddSignature(note, key));
    return Parse(std::move(bytes));
  }
  // Parses strictly: kInvalid. Nothing is known of the signatures yet.
  static Result<SignedText> Parse(Bytes bytes) {
    auto parsed = ParseInside(std::move(bytes));
    if (!parsed) return Fail(std::move(parsed).error().In(std::string(T::kName) + " statement"));
    return parsed;
  }

  const T& said() const { return said_; }
  ByteView bytes() const { return bytes_; }
  // SHA-256 of the text: the same whoever signed it, so that a statement is used once.
  const StatementDigest& text_digest() const { return text_digest_; }
  // SHA-256 of the note, signatures included: what the next statement calls `prev`.
  StatementDigest digest() const { return DigestOf<StatementDigest>(bytes_); }

  // kTampered unless it has exactly these keys' signatures, in this order.
  Result<void> CheckSignatures(std::span<const tlog::VerifierKey> keys) const {
    return CheckExactSignatures(bytes_, keys);
  }
  bool operator==(const SignedText& other) const { return bytes_ == other.bytes_; }

 private:
  SignedText(T said, const StatementDigest& text_digest, Bytes bytes)
      : said_(std::move(said)), text_digest_(text_digest), bytes_(std::move(bytes)) {}
  static Result<SignedText> ParseInside(Bytes bytes) {
    if (bytes.size() > T::kMaxBytes) {
      return Fail(ErrorCode::kInvalid, Format("longer than {} bytes", T::kMaxBytes));
    }
    TRY(const tlog::SignedNote note, tlog::SignedNote::Parse(bytes));
    TRY(T said, DecodeStatement<T>(note.text()));
    return SignedText(std::move(said), DigestOf<StatementDigest>(ViewOf(note.text())), std::move(bytes));
  }
  T said_;
  StatementDigest text_digest_;
  Bytes bytes_;
};

}  // namespace exhibit::custody

namespace exhibit {

// Inside an entry: the note, as text.
template <typename T>
struct Form<custody::SignedText<T>> {
  using Value = custody::SignedText<T>;
  static Result<Value> Read(CanonicalReader& in) {
    TRY(const std::string_view note, in.Text());
    return Value::Parse(ToBytes(ViewOf(note)));
  }
  static void Write(CanonicalWriter& out, const Value& value) { out.Text(TextOf(value.bytes())); }
};

}  // namespace exhibit
