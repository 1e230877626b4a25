// Who signs: the name and the id of a key, as entries and statements write it, and the person behind it.
//
//   actor   = name "+" 8 hex digits        "x7.example/q4d2/k1+5d6d6ad4"
//   handle  = origin "/k" number           the name of a custodian's or collector's key: opaque, and one person's for ever
//
// Whose a handle is, is a field of the entry that admits it, and sealed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "vault/base/error.h"
#include "vault/base/format.h"
#include "vault/tlog/checkpoint.h"
#include "vault/tlog/note_key.h"

namespace exhibit::custody {

class Actor {
 public:
  // kInvalid for what is no name and id.
  static Result<Actor> Parse(std::string_view text);
  static Actor Of(const tlog::VerifierKey& key);

  const std::string& text() const { return text_; }
  std::string_view name() const { return std::string_view(text_).substr(0, text_.size() - 9); }
  auto operator<=>(const Actor&) const = default;

 private:
  explicit Actor(std::string text) : text_(std::move(text)) {}
  std::string text_;
};
inline Actor ActorOf(const tlog::VerifierKey& key) { return Actor::Of(key); }

// A person's number, from 1. A quorum counts persons, and a person may have several keys.
struct Person {
  std::uint64_t number = 0;
  auto operator<=>(const Person&) const = default;
};
inline std::string NameOf(Person person) { return Format("person {}", person.number); }

// The number of a handle of this vault; nothing for another name.
std::optional<std::uint64_t> HandleNumber(std::string_view name, const tlog::Origin& origin);
std::string HandleOf(const tlog::Origin& origin, std::uint64_t number);
// The names of the other keys of a vault.
std::string RecoveryKeyName(const tlog::Origin& origin);
std::string ReceiverKeyName(const tlog::Origin& origin);

}  // namespace exhibit::custody
