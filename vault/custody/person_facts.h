// Who people are, as fields tell it: what is public has handles and numbers of persons alone.
//
//   custodian    {"person":1,"name":"…","organisation":"…","contact":"…"}   of a genesis, an admission, a recovery
//   received-by  {"name":"…","organisation":"…","contact":"…"}             of a receipt
//   reader-1 …   {"recipient":"age1…","name":"…"}                          of a genesis and of other readers; 1 to 64
//
// A member that is not known is not there.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "vault/custody/actor.h"
#include "vault/custody/field.h"

namespace exhibit::custody {

inline constexpr std::string_view kCustodianField = "custodian";
inline constexpr std::string_view kReceivedByField = "received-by";
inline constexpr std::size_t kMaxReaders = 64;

struct PersonFacts {
  std::optional<Person> person = {};
  std::optional<std::string> name = {};
  std::optional<std::string> organisation = {};
  std::optional<std::string> contact = {};
  bool operator==(const PersonFacts&) const = default;
};
// The value of `custodian` or `received-by`.
FieldValue FieldOf(const PersonFacts& facts);
// What it tells. What has another form is left out.
PersonFacts PersonFactsIn(const FieldValue& value);
// Of the field of that key; nothing where there is none, or it is withheld.
std::optional<PersonFacts> PersonFactsIn(const FieldList& fields, std::string_view key = kCustodianField);

// To whom the vault's key is sealed.
struct ReaderFacts {
  std::string recipient;  // as age writes it
  std::optional<std::string> name = {};
  bool operator==(const ReaderFacts&) const = default;
};
// The fields `reader-1` … in this order. REQUIRES: at most kMaxReaders.
std::vector<FieldList::Item> FieldsOf(const std::vector<ReaderFacts>& readers);
// In the order of their numbers. What has another form is left out.
std::vector<ReaderFacts> ReaderFactsIn(const FieldList& fields);

}  // namespace exhibit::custody
