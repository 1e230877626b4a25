// A second front end: it makes a vault, adds files to it, reads one back and exports them, through the library alone. It is a
// test that the jobs need nothing of cli/, and the shortest example of how they are used.
//
//   second_front_end FOLDER FILE...
//
// FOLDER must not exist; vault, key and bundle are made in it. Prints the vault's fingerprint.
#include <sys/stat.h>

#include <cstdio>
#include <filesystem>

#include "vault/base/encoding.h"
#include "vault/base/file.h"
#include "vault/tell/papers.h"
#include "vault/work/add.h"
#include "vault/work/export.h"
#include "vault/work/make_vault.h"
#include "vault/work/read.h"

namespace exhibit {
namespace {

namespace fs = std::filesystem;

Result<crypto::SecretText> NoPassphrase(std::string_view) {
  return Fail(ErrorCode::kDenied, "this program's keys have no passphrase");
}

Result<std::vector<tlog::Sequence>> AddFiles(std::unique_ptr<VaultWriter> vault, const std::vector<fs::path>& files,
                                             Pool& pool) {
  std::vector<tlog::Sequence> entries;
  intake::Adder adder(
      std::make_unique<work::VaultDestination>(std::move(vault)), pool, {},
      [&](const intake::Added& added) { entries.push_back(added.sequence); },
      [](const intake::Refused& refused) { std::fprintf(stderr, "refused: %s\n", refused.reason.message.c_str()); });
  for (const fs::path& file : files) {
    struct ::stat status {};
    if (::lstat(file.c_str(), &status) != 0) return Fail(SystemError("look at", file, errno));
    intake::Input input;
    input.facts.name = file.filename().native();
    input.size_hint = static_cast<std::uint64_t>(status.st_size);
    input.open = [file, status] { return intake::FileSource::Open(file, status); };
    TRY_VOID(adder.Add(std::move(input)));
  }
  TRY_VOID(adder.Finish());
  return entries;
}

Result<void> Run(const fs::path& folder, const std::vector<fs::path>& files) {
  TRY(tlog::Origin origin, tlog::Origin::Parse("second.example/front-end"));
  TRY_VOID(CreateFolders(folder));
  std::vector<seal::Identity> identities;
  identities.emplace_back(seal::X25519Identity::Generate());
  TRY(const seal::Recipient reader, seal::RecipientOf(identities.front()));
  const fs::path vault = folder / "vault";
  const fs::path key = folder / "custodian.key";
  TRY(const work::MadeVault made, work::MakeVault({.folder = vault,
                                                   .origin = std::move(origin),
                                                   .custodian = {.name = "Second"},
                                                   .readers = {{seal::RecipientText(reader), "Second"}},
                                                   .custodian_key = key}));
  Pool pool;
  const auto open_reader = [&] { return VaultReader::Open(vault); };
  const auto open_writer = [&](const custody::ActForm& act, Pool& with) {
    return VaultWriter::Open({.folder = vault, .custodian_key = key, .act = act}, NoPassphrase, with);
  };

  TRY(auto writer, open_writer(custody::Item::kForm, pool));
  TRY(const auto entries, AddFiles(std::move(writer), files, pool));

  TRY(const VaultKeys keys, OpenReaderKeys(vault, identities, NoPassphrase));
  TRY(const auto opened, open_reader());
  TRY_VOID(work::Read(*opened, open_writer, keys, {entries.front(), "a look"}, [](ByteView content) -> Result<void> {
    std::fwrite(content.data(), 1, content.size(), stderr);
    return {};
  }));

  tell::Papers papers;
  work::ExportJob job;
  job.target = folder / "bundle";
  job.choose = [&](const VaultReader&) { return entries; };
  job.purpose = "a hand-over";
  job.program = "second_front_end";
  job.open_reader = open_reader;
  job.open_writer = open_writer;
  job.load_signer = [&] { return custody::LoadKey(key, NoPassphrase); };
  job.companion = &papers;
  TRY_VOID(work::Export(job, keys, pool));
  std::printf("%s\n", ToHex(made.fingerprint.view()).c_str());
  return {};
}

}  // namespace
}  // namespace exhibit

int main(int count, char** words) {
  if (count < 3) return 2;
  const auto done = exhibit::Run(words[1], {words + 2, words + count});
  if (!done) std::fprintf(stderr, "%s\n", done.error().message.c_str());
  return done ? 0 : 1;
}
