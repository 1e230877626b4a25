// What this user did with a vault that no entry records: when it was verified, when its log was published, and when a copy
// was brought up to date. Notes for who looks after the vault; nothing is decided by them, and nothing is lost with them.
//
//   $XDG_STATE_HOME/exhibit/deeds/<origin>
//     {"fingerprint": "…", "verified": {"at", "size", "how"}, "published": {…}, "copied": {…}}
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "vault/base/clock.h"
#include "vault/custody/state.h"
#include "vault/tlog/checkpoint.h"

namespace exhibit::work {

struct Deed {
  Moment at;
  tlog::TreeSize size;  // of the log
  std::string how;      // "log", "sealed", "content"; the folder that was published to, or the copy
};

struct Deeds {
  std::optional<Deed> verified = {};  // the last time that all of it held
  std::optional<Deed> published = {};
  std::optional<Deed> copied = {};
};

enum class DeedKind : std::uint8_t { kVerified, kPublished, kCopied };

// What was noted of this vault; nothing of another one with the same origin, and nothing where notes cannot be read.
Deeds ReadDeeds(const tlog::Origin& origin, const custody::Fingerprint& fingerprint);

// Notes it in the place of what was noted before. Errors of the state directory.
Result<void> NoteDeed(const tlog::Origin& origin, const custody::Fingerprint& fingerprint, DeedKind kind, Deed deed);

}  // namespace exhibit::work
