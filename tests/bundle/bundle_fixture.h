// A vault whose items are handed over, with the verbs of who makes a bundle, of who changes it on the way, and of who checks
// it. What no verifier may accept is in tests/second_opinion/format_examples/, and format_examples_test.cc runs all of it.
#pragma once

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/findings.h"
#include "tests/support/noise.h"
#include "tests/support/vault_fixture.h"
#include "vault/bundle/bag.h"
#include "vault/bundle/layout.h"
#include "vault/bundle/verifier.h"
#include "vault/bundle/writer.h"
#include "vault/custody/key_file.h"

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

inline std::string Everything(const verify::Report& report) {
  std::string all;
  for (const auto& finding : report.findings) {
    all += std::string(ToText(finding.property)) + ": " + verify::Describe(finding) + "\n";
  }
  return all;
}

// Notes what it is told, and writes one file for people.
struct NotingCompanion final : bundle::Companion {
  Result<void> Begin(bundle::BagWriter& /*bag*/, const bundle::BundleHead& about,
                     const bundle::Contents& told) override {
    head.emplace(about);
    contents = told;
    return {};
  }
  Result<void> Add(const bundle::ExportedEntry& exported) override {
    const tlog::Sequence at = exported.entry.parsed().sequence;
    order.push_back(at);
    if (exported.part == bundle::ExportedEntry::Part::kItem) items.push_back(at);
    if (exported.fields != nullptr) fields.emplace(at, *exported.fields);
    return {};
  }
  Result<bundle::BagInfo> Finish(bundle::BagWriter& bag, const bundle::LogTexts* /*log*/) override {
    TRY_VOID(bag.WriteWhole(std::string(bundle::kVerifyFile), ViewOf("for people\n")));
    return bundle::BagInfo{{"Source-Organization", "Tester"}};
  }

  std::optional<bundle::BundleHead> head;
  bundle::Contents contents;
  std::vector<tlog::Sequence> order;
  std::vector<tlog::Sequence> items;
  std::map<tlog::Sequence, custody::FieldList> fields;
};

using Items = std::vector<std::pair<std::string, std::string>>;

struct BundleFixture : VaultFixture {
  explicit BundleFixture(const Items& items = {{"a.log", "one\ntwo\n"}, {"b.txt", "three\n"}}) {
    for (const auto& [name, text] : items) AddFile(name, text);
    reader = Unwrap(OpenReader());
  }
  // An item with a host and a path, by which its original gets its name; a large one has neither, and so a number.
  tlog::Sequence AddFile(const std::string& name, const std::string& text) {
    if (text.size() > (1 << 20)) return Add({{name, text}}).front();
    custody::ItemFacts facts = FactsOf(text, name);
    facts.source = "fs01";
    facts.path = "logs/" + name;
    return AddItem(text, facts);
  }

  // The `exported` act, as it says what `writer` wrote.
  tlog::Sequence CommitExported(const custody::AccessGrant& grant, const bundle::BundleWriter& writer,
                                const std::vector<tlog::Sequence>& items) {
    const store::Fields fields = {
        {"export", custody::FieldValue::Number(static_cast<std::int64_t>(grant.entry().value))},
        {"manifest", ToHex(writer.manifest().view())},
        {"checked", custody::FieldValue::Bool(true)}};
    return Unwrap(Unwrap(OpenWriter())->CommitAccess(custody::AccessWay::kExported, items, fields)).entry();
  }
  // The whole export, from `source` while data are written, and from the vault as it is then.
  Result<void> ExportFrom(const verify::Source& source, const ExportRequest& request) {
    TRY(const custody::AccessGrant grant, Grant(request.items, bundle::NamesOf(request.recipients)));
    const VaultKeys keys = VaultKey();
    TRY(bundle::BundleWriter writer, bundle::BundleWriter::Begin(grant, source, keys, request, pool()));
    const tlog::Sequence exported = CommitExported(grant, writer, request.items);
    reader = Unwrap(OpenReader());
    return writer.Finish(*reader, {exported, signer}, companion);
  }
  // A bundle at path() / `name`.
  fs::path Export(const std::string& name, std::vector<tlog::Sequence> items,
                  std::vector<seal::Recipient> recipients = {}) {
    const auto source = Unwrap(OpenReader());
    companion = {};
    REQUIRE_OK(ExportFrom(*source, {path() / name, std::move(items), std::move(recipients)}));
    return path() / name;
  }
  verify::Report Check(const fs::path& folder, const VerifyRequest& request = {}) {
    return Unwrap(bundle::VerifyBundle(folder, request, pool()));
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
  NotingCompanion companion;
  tlog::SigningKey signer = Unwrap(custody::LoadKey(key(), NoPassphrase));
};

// One bit of a file is another one.
inline void Flip(const fs::path& file) {
  std::string text = ReadText(file);
  text[text.size() / 2] = static_cast<char>(text[text.size() / 2] ^ 1);
  WriteText(file, text);
}

}  // namespace exhibit::testing
