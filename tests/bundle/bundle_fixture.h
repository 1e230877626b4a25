// A vault whose items are handed over, with the verbs of who makes a bundle, of who forges it, and of
// who checks it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/findings.h"
#include "tests/support/vault_fixture.h"
#include "vault/bundle/bag.h"
#include "vault/bundle/bundle_note.h"
#include "vault/bundle/layout.h"
#include "vault/bundle/verifier.h"
#include "vault/bundle/writer.h"
#include "vault/tell/papers.h"

namespace exhibit::testing {

namespace fs = std::filesystem;
using bundle::ExportRequest;
using bundle::VerifyRequest;
using verify::Property;

inline std::vector<std::string> FilesOf(const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& file : fs::recursive_directory_iterator(folder)) {
    if (!file.is_directory()) names.push_back(file.path().lexically_relative(folder).generic_string());
  }
  std::ranges::sort(names);
  return names;
}

// The sum of the payload as bag-info.txt states it, if it still does.
inline void RewriteOxum(const fs::path& folder) {
  if (!fs::exists(folder / "bag-info.txt")) return;
  std::string info = ReadText(folder / "bag-info.txt");
  const std::size_t at = info.find("Payload-Oxum: ");
  if (at == std::string::npos) return;
  std::uint64_t bytes = 0;
  std::uint64_t files = 0;
  for (const std::string& name : FilesOf(folder)) {
    if (!name.starts_with("data/")) continue;
    bytes += ReadText(folder / name).size();
    ++files;
  }
  info.replace(at, info.find('\n', at) - at, "Payload-Oxum: " + std::to_string(bytes) + "." + std::to_string(files));
  WriteText(folder / "bag-info.txt", info);
}

// Makes the manifests fit whatever stands in the bundle: what a forger does first.
inline void RewriteManifests(const fs::path& folder) {
  RewriteOxum(folder);
  const auto write = [&](const std::string& manifest, bool (*lists)(const std::string& name)) {
    std::string sha256;
    std::string sha512;
    for (const std::string& name : FilesOf(folder)) {
      if (!lists(name)) continue;
      bundle::FileHasher hasher;
      hasher.Update(ViewOf(ReadText(folder / name)));
      const bundle::FileHashes hashes = hasher.Finish();
      bundle::AppendManifestLine(sha256, ToHex(hashes.sha256.view()), name);
      bundle::AppendManifestLine(sha512, ToHex(hashes.sha512.view()), name);
    }
    WriteText(folder / (manifest + "-sha256.txt"), sha256);
    WriteText(folder / (manifest + "-sha512.txt"), sha512);
  };
  write("manifest", [](const std::string& name) { return name.starts_with("data/"); });
  write("tagmanifest", [](const std::string& name) {
    return !name.starts_with("data/") && !name.starts_with("tagmanifest-") && name != bundle::kNoteFile;
  });
}

// The note put right, too: what who holds a custodian's key can do. One that is no note stays.
inline void SignAnew(const fs::path& folder, const tlog::SigningKey& signer) {
  if (!fs::exists(folder / bundle::kNoteFile)) return;
  auto statement = bundle::ParseBundleNote(ViewOf(ReadText(folder / bundle::kNoteFile)));
  if (!statement) return;
  statement->made_by = custody::ActorOf(signer.verifier());
  statement->sealed_files = static_cast<std::uint64_t>(std::ranges::count_if(
      FilesOf(folder), [](const std::string& name) { return name.starts_with("data/") && name.ends_with(".age"); }));
  statement->sha256 = bundle::HashesOfText(ReadText(folder / "tagmanifest-sha256.txt")).sha256;
  statement->sha512 = bundle::HashesOfText(ReadText(folder / "tagmanifest-sha512.txt")).sha512;
  WriteText(folder / bundle::kNoteFile, TextOf(Unwrap(bundle::SignBundle(*statement, signer))));
}

inline std::string Everything(const verify::Report& report) {
  std::string all;
  for (const auto& finding : report.findings) {
    all += std::string(ToText(finding.property)) + ": " + verify::Describe(finding) + "\n";
  }
  return all;
}

// Bytes that zstd cannot make smaller, the same each time.
inline std::string Noise(std::size_t bytes) {
  std::string noise;
  std::uint64_t state = 1;
  while (noise.size() < bytes) {
    state = state * 6364136223846793005U + 1442695040888963407U;
    noise.push_back(static_cast<char>(state >> 56));
  }
  return noise;
}

using Items = std::vector<std::pair<std::string, std::string>>;

struct BundleFixture : VaultFixture {
  explicit BundleFixture(const Items& items = {{"a.log", "one\ntwo\n"}, {"b.txt", "three\n"}}) {
    Add(items);
    reader = Unwrap(OpenReader());
  }

  Result<void> ExportFrom(const verify::Source& source, ExportRequest request) {
    request.signer = &signer;
    TRY(const custody::AccessGrant grant, Grant(request.items, bundle::NamesOf(request.recipients)));
    tell::Papers papers;
    return bundle::WriteBundle(grant, source, VaultKey(), request, papers, pool());
  }
  // A bundle at path() / `name`.
  fs::path Export(const std::string& name, std::vector<tlog::Sequence> items,
                  std::vector<seal::Recipient> recipients = {}) {
    REQUIRE_OK(ExportFrom(*reader, {path() / name, std::move(items), std::move(recipients)}));
    return path() / name;
  }
  verify::Report Check(const fs::path& folder, const VerifyRequest& request = {}) {
    return Unwrap(bundle::VerifyBundle(folder, request, pool()));
  }
  // What a receiver finds once the manifests fit.
  verify::Report CheckForged(const fs::path& folder, const VerifyRequest& request = {}) {
    RewriteManifests(folder);
    SignAnew(folder, signer);
    return Check(folder, request);
  }
  // A copy to forge.
  fs::path CopyOf(const fs::path& folder) {
    const fs::path copy = path() / "forged";
    fs::remove_all(copy);
    fs::copy(folder, copy, fs::copy_options::recursive);
    return copy;
  }
  // No bundle at `target`, and nothing unfinished beside it.
  void CheckNothingAt(const fs::path& target) {
    CHECK_FALSE(fs::exists(fs::symlink_status(target)));
    for (const auto& file : fs::directory_iterator(path())) {
      CAPTURE(file.path());
      CHECK(file.path().native().find(".partial-") == std::string::npos);
    }
  }

  std::unique_ptr<VaultReader> reader;
  tlog::SigningKey signer = Unwrap(custody::LoadKey(key(), [](std::string_view) -> Result<crypto::SecretText> {
    return Fail(ErrorCode::kDenied, "no passphrase in tests");
  }));
};

inline void Swap(const fs::path& a, const fs::path& b) {
  fs::rename(a, a.native() + ".tmp");
  fs::rename(b, a);
  fs::rename(a.native() + ".tmp", b);
}

}  // namespace exhibit::testing
