// A vault, a collector that it admitted, and a drop, for tests of what is taken in.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/intake_input.h"
#include "tests/support/vault_fixture.h"
#include "vault/intake/drop.h"
#include "vault/work/take_in.h"

namespace exhibit::testing {

namespace fs = std::filesystem;
using custody::Accepted;

// Entries: 0 genesis, 1 admits the collector, whose handle is k2.
struct DropFixture : VaultFixture {
  DropFixture() {
    const auto reader = Unwrap(OpenReader());
    const auto state = Unwrap(reader->State());
    const auto secret = Unwrap(LoadLabelSecret(VaultPaths(vault()), NoPassphrase));
    intake::NewCollector made{
        .folder = stick(),
        .setup = {state.origin(), state.fingerprint(), state.recipient(), state.genesis().label_count},
        .handle = Unwrap(tlog::KeyName::Parse(custody::HandleOf(state.origin(), 2)))};
    made.cases.push_back({state.fingerprint(), "IR-2025-014", secret.KeyOf("IR-2025-014")});
    key_ = Unwrap(intake::MakeCollectorFolder(made));
    Act(custody::Admit{{{2}, *key_, {custody::Role::kCollector}}});
  }
  fs::path stick() const { return path() / "stick"; }
  fs::path drop() const { return path() / "drop"; }
  std::string Stem(std::uint64_t number) const {
    return (drop() / (ToHex(key_->id().view()) + "-" + std::to_string(number))).native();
  }
  intake::Collector OpenCollector() { return Unwrap(intake::Collector::Open(stick(), NoPassphrase)); }

  enum class End : std::uint8_t { kClosed, kCrashed };
  void Collect(const std::vector<std::pair<std::string, std::string>>& items, End end = End::kClosed) {
    auto collector = OpenCollector();
    Unwrap(CollectInto(Unwrap(intake::DropDestination::Open(collector, drop())), items));
    if (end == End::kCrashed) fs::remove(Stem(collector.last()) + ".closed");
  }
  Result<void> CollectInto(std::unique_ptr<intake::Destination> into,
                           const std::vector<std::pair<std::string, std::string>>& items) {
    intake::Adder adder(
        std::move(into), pool(), {}, [](const intake::Added&) {},
        [](const intake::Refused& refused) { FAIL_CHECK("refused: " << refused.reason.message); });
    for (const auto& [name, text] : items) {
      WriteText(path() / "input" / name, text);
      auto input = InputOf(path() / "input" / name);
      input.facts.cases = {"IR-2025-014"};
      TRY_VOID(adder.Add(std::move(input)));
    }
    TRY_VOID(adder.Finish());
    return {};
  }

  struct Seen {
    work::TakeInOutcome outcome;
    std::vector<std::string> refused;
    std::vector<std::string> remarks;
  };
  Seen TakeIn(custody::WordSet<Accepted> accept = {}) { return TakeIn(*Unwrap(OpenWriter()), accept); }
  Seen TakeIn(VaultWriter& vault, custody::WordSet<Accepted> accept = {}) {
    intake::FolderDrop files(drop());
    return TakeIn(vault, files, accept);
  }
  static Seen TakeIn(VaultWriter& vault, intake::DropFiles& files, custody::WordSet<Accepted> accept = {}) {
    Seen seen;
    work::TakeInRequest request;
    request.drop = &files;
    request.accept = accept;
    if (!accept.empty()) request.reason = "the stick was found";
    request.on_taken = [](const work::TakenIn&) {};
    request.on_refused = [&](const intake::Refused& refused) { seen.refused.push_back(refused.reason.message); };
    request.on_remark = [&](const std::string& text) { seen.remarks.push_back(text); };
    seen.outcome = Unwrap(work::TakeIn(vault, request));
    return seen;
  }
  void CheckWhole() {
    const auto report = Verify(verify::Depth::kContent);
    INFO((report.ok() ? "" : verify::Describe(report.findings.front())));
    CHECK(report.ok());
  }

  std::optional<tlog::VerifierKey> key_;
};

}  // namespace exhibit::testing
