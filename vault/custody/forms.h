// How the values of entries and statements are written: one spelling each (vault/base/canonical_form.h).
#pragma once

#include <cstdint>

#include "vault/base/bytes.h"
#include "vault/base/canonical_form.h"
#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/custody/actor.h"
#include "vault/custody/entry_time.h"
#include "vault/custody/item_set.h"
#include "vault/custody/labels.h"
#include "vault/custody/log_key_list.h"
#include "vault/custody/noted_checkpoint.h"
#include "vault/custody/vault_recipient.h"
#include "vault/tlog/checkpoint.h"
#include "vault/tlog/sequence.h"

namespace exhibit {

namespace canonical_form {

// An error of a value's own parser, with the member's name before it.
template <typename Value>
Result<Value> Named(const CanonicalReader& in, Result<Value> value) {
  if (value || in.member().empty()) return value;
  return Fail(std::move(value).error().In("\"" + std::string(in.member()) + "\""));
}

// A value that is a text with a parser of its own.
template <typename Value, auto kParse>
struct TextForm {
  static Result<Value> Read(CanonicalReader& in) {
    TRY(const std::string_view text, in.Text());
    return Named<Value>(in, kParse(text));
  }
};

}  // namespace canonical_form

// Of digests: lower-case hex.
template <typename Tag, std::size_t N>
struct Form<Fixed<Tag, N>> {
  using Value = Fixed<Tag, N>;
  static Result<Value> Read(CanonicalReader& in) {
    TRY(const std::string_view text, in.Text());
    return FixedFromHex<Value>(text, "\"" + std::string(in.member()) + "\"");
  }
  static void Write(CanonicalWriter& out, const Value& value) { out.Text(ToHex(value.view())); }
};

template <>
struct Form<tlog::Origin> : canonical_form::TextForm<tlog::Origin, &tlog::Origin::Parse> {
  static void Write(CanonicalWriter& out, const tlog::Origin& value) { out.Text(value.text()); }
};
// Of a key that signs entries or statements, or the log's: Ed25519.
template <>
struct Form<tlog::VerifierKey> {
  static Result<tlog::VerifierKey> Read(CanonicalReader& in);
  static void Write(CanonicalWriter& out, const tlog::VerifierKey& value) { out.Text(value.ToText()); }
};
template <>
struct Form<custody::LogKeyList> {
  static Result<custody::LogKeyList> Read(CanonicalReader& in);
  static void Write(CanonicalWriter& out, const custody::LogKeyList& value);
};
template <>
struct Form<tlog::Sequence> {
  static Result<tlog::Sequence> Read(CanonicalReader& in) {
    TRY(const std::uint64_t number, in.Number());
    return tlog::Sequence{number};
  }
  static void Write(CanonicalWriter& out, tlog::Sequence value) { out.Number(value.value); }
};
template <>
struct Form<custody::Actor> : canonical_form::TextForm<custody::Actor, &custody::Actor::Parse> {
  static void Write(CanonicalWriter& out, const custody::Actor& value) { out.Text(value.text()); }
};
template <>
struct Form<custody::Person> {
  static Result<custody::Person> Read(CanonicalReader& in) {
    TRY(const std::uint64_t number, in.Number());
    if (number == 0) return in.Refuse("persons count from 1");
    return custody::Person{number};
  }
  static void Write(CanonicalWriter& out, custody::Person value) { out.Number(value.number); }
};
template <>
struct Form<custody::EntryTime> : canonical_form::TextForm<custody::EntryTime, &custody::ParseEntryTime> {
  static void Write(CanonicalWriter& out, custody::EntryTime value) { out.Text(custody::FormatEntryTime(value)); }
};
template <>
struct Form<custody::ItemSet> : canonical_form::TextForm<custody::ItemSet, &custody::ItemSet::Parse> {
  static void Write(CanonicalWriter& out, const custody::ItemSet& value) { out.Text(value.ToText()); }
};
template <>
struct Form<custody::Labels> : canonical_form::TextForm<custody::Labels, &custody::Labels::Parse> {
  static void Write(CanonicalWriter& out, const custody::Labels& value) { out.Text(value.ToText()); }
};
template <>
struct Form<custody::LabelCount> {
  static Result<custody::LabelCount> Read(CanonicalReader& in) {
    TRY(const std::uint64_t count, in.Number());
    if (count < custody::LabelCount::kLeast || count > custody::LabelCount::kMost) return in.Refuse("is not 4 to 64");
    return custody::LabelCount{count};
  }
  static void Write(CanonicalWriter& out, custody::LabelCount value) { out.Number(value.value); }
};
template <>
struct Form<custody::VaultRecipient>
    : canonical_form::TextForm<custody::VaultRecipient, &custody::VaultRecipient::Parse> {
  static void Write(CanonicalWriter& out, const custody::VaultRecipient& value) { out.Text(value.text()); }
};
// A checkpoint inside an entry: a note with the log's signature alone, as text.
template <>
struct Form<custody::NotedCheckpoint> {
  static Result<custody::NotedCheckpoint> Read(CanonicalReader& in) {
    TRY(const std::string_view note, in.Text());
    return canonical_form::Named(in, custody::NotedCheckpoint::Parse(ToBytes(ViewOf(note))));
  }
  static void Write(CanonicalWriter& out, const custody::NotedCheckpoint& value) { out.Text(TextOf(value.note())); }
};
// Bytes in base64, at least one.
template <>
struct Form<Bytes> {
  static Result<Bytes> Read(CanonicalReader& in) {
    TRY(const std::string_view text, in.Text());
    auto bytes = FromBase64(text, Base64::kPadded);
    if (bytes && bytes->empty()) return in.Refuse("is empty");
    return canonical_form::Named(in, std::move(bytes));
  }
  static void Write(CanonicalWriter& out, const Bytes& value) { out.Text(ToBase64(value, Base64::kPadded)); }
};

namespace custody {

// A member that is there or is not: `true`.
struct Yes {
  bool operator==(const Yes&) const = default;
};
// A number that this page fixes: `1`.
template <std::uint64_t kValue>
struct Fixedly {
  bool operator==(const Fixedly&) const = default;
};

}  // namespace custody

template <>
struct Form<custody::Yes> {
  static Result<custody::Yes> Read(CanonicalReader& in) {
    if (in.Accept("true")) return custody::Yes{};
    return in.Refuse("is there only as true");
  }
  static void Write(CanonicalWriter& out, custody::Yes /*value*/) { out.Raw("true"); }
};
template <std::uint64_t kValue>
struct Form<custody::Fixedly<kValue>> {
  static Result<custody::Fixedly<kValue>> Read(CanonicalReader& in) {
    TRY(const std::uint64_t number, in.Number());
    if (number == kValue) return custody::Fixedly<kValue>{};
    return in.Refuse(Format("is {} instead of {}", number, kValue));
  }
  static void Write(CanonicalWriter& out, custody::Fixedly<kValue> /*value*/) { out.Number(kValue); }
};

}  // namespace exhibit
