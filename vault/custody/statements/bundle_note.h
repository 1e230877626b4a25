// Who made a bundle: a note beside it, by the actor of the `exported` act that it names.
//
//   {"v":1,"statement":"bundle","origin":…,"fingerprint":…,"size":9,"export":8,"made_by":…,"time":…,"tagmanifest":…,
//    ["tagmanifest_sha512":…]}
#pragma once

#include <cstdint>
#include <optional>
#include <tuple>

#include "vault/custody/forms.h"
#include "vault/custody/signed_text.h"

namespace exhibit::custody {

struct TagManifestTag;
struct TagManifest512Tag;
using TagManifestDigest = Fixed<TagManifestTag, 32>;
using TagManifest512Digest = Fixed<TagManifest512Tag, 64>;

struct BundleNote {
  static constexpr std::string_view kName = "bundle";
  static constexpr std::size_t kMaxBytes = 8'192;

  tlog::Origin origin;
  Fingerprint fingerprint;
  std::uint64_t size = 0;  // entries of its checkpoint
  tlog::Sequence exported;
  Actor made_by;
  EntryTime time;
  TagManifestDigest tagmanifest;
  std::optional<TagManifest512Digest> tagmanifest_sha512;
  static constexpr auto kMembers = std::tuple(
      Member{"origin", &BundleNote::origin}, Member{"fingerprint", &BundleNote::fingerprint},
      Member{"size", &BundleNote::size}, Member{"export", &BundleNote::exported},
      Member{"made_by", &BundleNote::made_by}, Member{"time", &BundleNote::time},
      Member{"tagmanifest", &BundleNote::tagmanifest}, Member{"tagmanifest_sha512", &BundleNote::tagmanifest_sha512});
};
using SignedBundleNote = SignedText<BundleNote>;

}  // namespace exhibit::custody
