// Containers written and read back: what the index says of them, with numbers too large to write for a test.
#include "vault/bundle/container.h"

#include <unistd.h>

#include "tests/support/catch.h"
#include "tests/support/check.h"
#include "tests/support/temporary_folder.h"
#include "vault/bundle/pax.h"
#include "vault/bundle/tar_index.h"
#include "vault/bundle/tar_writer.h"
#include "vault/bundle/zip_index.h"
#include "vault/bundle/zip_writer.h"

namespace exhibit::testing {
namespace {

using namespace exhibit::bundle;
namespace fs = std::filesystem;

// A container whose files' bytes are holes: only what tells where they are is written.
class Hollow {
 public:
  explicit Hollow(const fs::path& path) : path_(path), file_(Unwrap(CreateNew(path, 0600))) {}
  void Write(ByteView bytes) {
    REQUIRE(::pwrite(file_.get(), bytes.data(), bytes.size(), static_cast<off_t>(at_)) ==
            static_cast<ssize_t>(bytes.size()));
    at_ += bytes.size();
  }
  void Skip(std::uint64_t bytes) { at_ += bytes; }
  std::uint64_t at() const { return at_; }

 private:
  fs::path path_;
  FileDescriptor file_;
  std::uint64_t at_ = 0;
};

constexpr std::uint64_t kLarge = std::uint64_t{9} << 30;

std::vector<PackedFile> LargeFiles() {
  return {{"b/bagit.txt", 3, 1'700'000'000, 1, 0},
          {"b/data/1.age", kLarge, 1'700'000'000, 2, 0},
          {"b/data/" + std::string(121, 'n'), 0xffffffff, 0, 3, 0},
          {"b/last", 0, 1'700'000'000, 0, 0}};
}

}  // namespace

TEST_CASE("a zip of files above 4 GiB is read as it was written", "[container]") {
  const TemporaryFolder folder;
  const fs::path path = folder.path() / "large.zip";
  std::vector<PackedFile> files = LargeFiles();
  Hollow zip(path);
  ZipList list;
  for (PackedFile& file : files) {
    file.offset = zip.at();
    zip.Write(ZipHeader(file));
    zip.Skip(file.size);
    list.Add(file);
  }
  zip.Write(list.Finish(zip.at()));
  const ContainerFile container = Unwrap(ContainerFile::Open(path));
  const std::vector<Member> members = Unwrap(ReadZipIndex(container, nullptr));
  REQUIRE(members.size() == files.size());
  for (std::size_t i = 0; i < files.size(); ++i) {
    CHECK(members[i].name == files[i].name);
    CHECK(members[i].size == files[i].size);
    CHECK(members[i].packed == files[i].size);
    CHECK(members[i].crc == files[i].crc);
    CHECK(members[i].offset > files[i].offset);
  }
}

TEST_CASE("a tar of files above 8 GiB and of long names is read as it was written", "[container]") {
  const TemporaryFolder folder;
  const fs::path path = folder.path() / "large.tar";
  const std::vector<PackedFile> files = LargeFiles();
  Hollow tar(path);
  for (const PackedFile& file : files) {
    tar.Write(TarHeader(file));
    tar.Skip(file.size);
    tar.Write(TarFilling(file.size));
  }
  tar.Write(TarEnd(tar.at()));
  CHECK(tar.at() % 10240 == 0);
  const ContainerFile container = Unwrap(ContainerFile::Open(path));
  const std::vector<Member> members = Unwrap(ReadTarIndex(container, nullptr));
  REQUIRE(members.size() == files.size());
  for (std::size_t i = 0; i < files.size(); ++i) {
    CHECK(members[i].name == files[i].name);
    CHECK(members[i].size == files[i].size);
  }
}

TEST_CASE("more than 65,535 files are listed by zip64, and read", "[container]") {
  const TemporaryFolder folder;
  const fs::path path = folder.path() / "many.zip";
  for (const std::size_t count : {65'534U, 65'535U, 65'536U}) {
    Bytes all;
    ZipList list;
    for (std::size_t i = 0; i < count; ++i) {
      const PackedFile file{"b/" + std::to_string(i), 0, 1'700'000'000, 0, all.size()};
      Append(all, ZipHeader(file));
      list.Add(file);
    }
    Append(all, list.Finish(all.size()));
    fs::remove(path);
    REQUIRE_OK(WriteFull(Unwrap(CreateNew(path, 0600)), all, path));
    const ContainerFile container = Unwrap(ContainerFile::Open(path));
    CHECK(Unwrap(ReadZipIndex(container, nullptr)).size() == count);
  }
}

TEST_CASE("what was packed is unpacked, byte for byte, and each flipped bit of a zip is found", "[container]") {
  const TemporaryFolder folder;
  const fs::path bag = folder.path() / "bag";
  REQUIRE_OK(CreateFolders(bag / "data/fs01/a b"));
  const Bytes content = ToBytes(ViewOf("Your network is encrypted.\n"));
  REQUIRE_OK(WriteNewFile(bag / "bagit.txt", content, 0600));
  REQUIRE_OK(WriteNewFile(bag / "data/fs01/a b/note", content, 0600));
  REQUIRE_OK(WriteNewFile(bag / "data/2", {}, 0600));
  for (const ContainerForm form : {ContainerForm::kTar, ContainerForm::kZip}) {
    const fs::path container = folder.path() / (form == ContainerForm::kTar ? "c.tar" : "c.ZIP");
    REQUIRE_OK(PackContainer(bag, "\xc3\x9c", form, container, nullptr));
    const fs::path into = folder.path() / container.stem() / container.extension();
    REQUIRE_OK(CreateFolders(into));
    CHECK(Unwrap(UnpackContainer(container, into, nullptr)).empty());
    CHECK(Unwrap(ReadFile(into / "data/fs01/a b/note", 100)) == content);
    CHECK(fs::file_size(into / "data/2") == 0);
  }
  const Bytes zip = Unwrap(ReadFile(folder.path() / "c.ZIP", 10'000));
  std::size_t unseen = 0;
  for (std::size_t bit = 0; bit < zip.size() * 8; ++bit) {
    Bytes flipped = zip;
    flipped[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
    const fs::path path = folder.path() / "flipped.zip";
    const fs::path into = folder.path() / "flipped";
    fs::remove(path);
    fs::remove_all(into);
    REQUIRE_OK(WriteFull(Unwrap(CreateNew(path, 0600)), flipped, path));
    fs::create_directory(into);
    if (!UnpackContainer(path, into, nullptr)) continue;
    ++unseen;
    // Times, versions and modes say nothing of names and bytes.
    CHECK(Unwrap(ReadFile(into / "data/fs01/a b/note", 100)) == content);
    CHECK(Unwrap(ReadFile(into / "bagit.txt", 100)) == content);
  }
  CHECK(unseen < zip.size() * 8 / 4);
}

TEST_CASE("a name under which no bundle is made is refused before anything is done", "[container]") {
  for (const char* const name : {"nul.zip", "a\\b.zip", "c:.tar", "\x1b[2J.tar", "\xff.zip", "__MACOSX.zip", "..zip"}) {
    CAPTURE(name);
    CHECK_FAILS(CheckTargetName(fs::path("x") / name), ErrorCode::kInvalid, "cannot be the folder");
  }
  for (const char* const name : {"b.tgz", "b.tar.gz", "B.TGZ", "b.7z", "b.tar.zst"})
    CHECK_FAILS(CheckTargetName(name), ErrorCode::kInvalid, "are not made");
  for (const char* const name : {"b", "b.tar", "b.zip", "\xc3\x9c.zip", "b.2026", "nul", "x/b.ZIP"})
    REQUIRE_OK(CheckTargetName(name));
}

TEST_CASE("records of pax are read strictly", "[container]") {
  const PaxRecords read = Unwrap(ReadPax(ViewOf("9 path=b\n13 size=1234\n26 SCHILY.xattr.user.x=\na\n"), "x"));
  CHECK(read.path == "b");
  CHECK(read.size == 1234);
  for (const std::string_view wrong :
       {"9 path=b", "8 path=b\n", "11 path=b\n", "09 path=b\n", " 9 path=b\n", "9 path=b\n9 path=c\n", "10 size=1x\n",
        "10 size=01\n", "4 =\n", "9 path=b\n5", "0 \n", "99999999999999999999 path=b\n", "8 path=\n"}) {
    CAPTURE(wrong);
    CHECK_FAILS(ReadPax(ViewOf(wrong), "x"), ErrorCode::kTampered, "pax");
  }
  for (const std::string_view other :
       {"14 linkpath=b\n", "22 GNU.sparse.major=1\n", "21 hdrcharset=BINARY\n", "8 xyz=b\n"}) {
    CAPTURE(other);
    CHECK_FAILS(ReadPax(ViewOf(other), "x"), ErrorCode::kInvalid, "which is not read");
  }
}

}  // namespace exhibit::testing
