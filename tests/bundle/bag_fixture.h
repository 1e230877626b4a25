// A bag to break: two files of payload and one beside it, and what is said of it then.
#pragma once

#include <filesystem>
#include <string>

#include "tests/support/check.h"
#include "tests/support/vault_fixture.h"
#include "vault/bundle/bag.h"
#include "vault/bundle/bag_check.h"
#include "vault/bundle/renamed.h"

namespace exhibit::testing {

inline Result<bundle::BagCheck> CheckBag(const std::filesystem::path& folder) {
  Pool pool(2);
  TRY(const bundle::FoundBag bag, bundle::FindBag(folder, pool, nullptr));
  const bundle::BagManifests& manifests = bag.manifests;
  TRY(bundle::BagCheck check, bundle::CheckBag(bag.folder, manifests, bag.files, pool));
  check.problems.insert(check.problems.begin(), manifests.problems.begin(), manifests.problems.end());
  return check;
}

inline std::string Hash512Of(std::string_view text) {
  crypto::Hasher hasher(crypto::HashAlgorithm::kSha512);
  hasher.Update(ViewOf(text));
  return ToHex(hasher.Finish());
}

struct BagFixture {
  BagFixture() {
    std::filesystem::create_directory(bag);
    bundle::BagWriter writer(bag, bundle::Digests::kSha256And512);
    Unwrap(writer.WriteWhole("data/1.age", ViewOf("sealed")));
    Unwrap(writer.WriteWhole("data/1-a.log", ViewOf("one\ntwo\n")));
    Unwrap(writer.WriteWhole("policy.txt", ViewOf("policy")));
    Unwrap(writer.ClosePayload());
    Unwrap(writer.Close({{"Source-Organization", "Tester"}}));
    Write("bundle.note", "by which it is a bundle");
  }

  std::string Read(std::string_view name) { return ReadText(bag / name); }
  void Write(std::string_view name, std::string_view text) { WriteText(bag / name, text); }
  void AppendTo(std::string_view name, const std::string& text) { Write(name, Read(name) + text); }
  void Replace(std::string_view name, const std::string& from, const std::string& to) {
    std::string text = Read(name);
    const std::size_t at = text.find(from);
    REQUIRE(at != std::string::npos);
    Write(name, text.replace(at, from.size(), to));
  }
  // The tag manifest told of the manifest as it is now.
  void FitTagManifest() {
    std::string text = Read(kTagManifest);
    const std::size_t at = text.find("  manifest-sha256.txt");
    REQUIRE(at != std::string::npos);
    Write(kTagManifest, text.replace(at - 64, 64, HashOf(Read(kManifest))));
    std::string text512 = Read(kTagManifest512);
    const std::size_t at512 = text512.find("  manifest-sha256.txt");
    REQUIRE(at512 != std::string::npos);
    Write(kTagManifest512, text512.replace(at512 - 128, 128, Hash512Of(Read(kManifest))));
  }

  std::string Problems() {
    std::string all;
    for (const auto& problem : Unwrap(CheckBag(bag)).problems) all += problem.file + ": " + problem.message + "\n";
    return all;
  }
  void CheckFinds(const std::string& words) {
    const std::string all = Problems();
    CAPTURE(all);
    CHECK(all.find(words) != std::string::npos);
  }
  // Exactly one thing is wrong, and it is this.
  void CheckProblem(const std::string& file, const std::string& words) {
    const auto problems = Unwrap(CheckBag(bag)).problems;
    std::string all;
    for (const auto& problem : problems) all += problem.file + ": " + problem.message + "\n";
    CAPTURE(all);
    REQUIRE(problems.size() == 1);
    CHECK(problems.front().file == file);
    CHECK(problems.front().message.find(words) != std::string::npos);
  }

  static constexpr const char* kManifest = "manifest-sha256.txt";
  static constexpr const char* kTagManifest = "tagmanifest-sha256.txt";
  static constexpr const char* kManifest512 = "manifest-sha512.txt";
  static constexpr const char* kTagManifest512 = "tagmanifest-sha512.txt";
  TemporaryFolder folder;
  std::filesystem::path bag = folder.path() / "bag";
};

}  // namespace exhibit::testing
