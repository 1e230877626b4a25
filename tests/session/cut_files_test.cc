// Goal: what was sealed of a stream before its writer was killed is not lost with the next writer, and opens with a reader's key.
// Method: a vault on the disk whose pack ends in a part of a sealed file, as a kill leaves it.
#include "vault/session/cut_files.h"

#include "tests/support/vault_fixture.h"
#include "vault/base/bytes_source.h"
#include "vault/crypto/random.h"
#include "vault/seal/cut_reader.h"

namespace exhibit::testing {
namespace {

namespace fs = std::filesystem;

struct CutFixture : VaultOnDisk {
  CutFixture() {
    Add({{"a.log", "first"}});
    end = fs::file_size(pack());
  }
  fs::path pack() const { return vault() / "store" / "packs" / "000001"; }
  std::vector<fs::path> Saved() const {
    std::vector<fs::path> files;
    std::error_code none;
    for (const auto& file : fs::directory_iterator(vault() / "cut", none)) files.push_back(file.path());
    std::ranges::sort(files);
    return files;
  }
  // A whole sealed file of this content.
  std::string Seal(const std::string& content) {
    const auto writer = Unwrap(OpenWriter());
    BytesSource source(ViewOf(content));
    struct Sink final : seal::SealedSink {
      Result<void> Begin(ByteView bytes) override { return Put(bytes); }
      Result<void> Put(ByteView bytes) override {
        file += TextOf(bytes);
        return {};
      }
      std::string file;
    } sink;
    store::EntrySealer::Stream stream;
    stream.fields = [](std::uint64_t) -> Result<store::Fields> { return store::Fields{{"name", "stream"}}; };
    Unwrap(writer->sealer().Seal(source, stream, pool(), sink));
    return sink.file;
  }
  void LeaveInPack(std::string_view bytes) const {
    const std::string before = ReadText(pack());
    WriteText(pack(), before + std::string(bytes));
  }
  std::string Opened(const fs::path& file) const {
    const Bytes bytes = Unwrap(ReadFile(file, 64 << 20));
    const auto header = Unwrap(seal::ParseHeader(bytes));
    std::string original;
    seal::CutReader reader(Unwrap(seal::OpenHeader(header.header, VaultKey())), [&](ByteView piece) {
      original += TextOf(piece);
      return Result<void>();
    });
    Unwrap(reader.Push(ByteView(bytes).subspan(header.size_bytes)));
    Unwrap(reader.Finish());
    return original;
  }
  std::uint64_t end = 0;
};

std::string Noise(std::size_t bytes) {
  std::string content(bytes, '\0');
  crypto::FillRandom({reinterpret_cast<std::uint8_t*>(content.data()), content.size()});
  return content;
}

}  // namespace

TEST_CASE_METHOD(CutFixture, "a stream that was cut is saved by the next writer, before its space is given back",
                 "[session][cut]") {
  const std::string content = Noise(3 << 20);
  const std::string file = Seal(content).substr(0, 2'200'000);
  LeaveInPack(file);
  {
    const auto writer = Unwrap(OpenWriter());
    REQUIRE(writer->remarks().size() == 1);
    CHECK(writer->remarks().front().find("--partial cut-sealed-file") != std::string::npos);
  }
  CHECK(fs::file_size(pack()) == end);
  REQUIRE(Saved().size() == 1);
  const fs::path saved = Saved().front();
  CHECK(saved.filename() == "1-" + std::to_string(end) + ".age");
  CHECK(ReadText(saved) == file);
  const std::string opened = Opened(saved);
  CHECK(opened.size() > (1 << 20));
  CHECK(content.starts_with(opened));
  const auto report = Verify(verify::Depth::kContent);
  CHECK(report.ok());
  REQUIRE(report.remarks.size() == 1);
  CHECK(report.remarks.front().find("was killed") != std::string::npos);

  SECTION("it is named until it is removed") {
    CHECK(Unwrap(OpenWriter())->remarks().size() == 1);
    fs::remove(saved);
    CHECK(Unwrap(OpenWriter())->remarks().empty());
  }
  SECTION("killed before the space was given back, it is saved once") {
    LeaveInPack(file);
    Unwrap(OpenWriter());
    CHECK(Saved().size() == 1);
    CHECK(fs::file_size(pack()) == end);
  }
  SECTION("another stream that was cut at the same place is another file") {
    LeaveInPack(Seal(content).substr(0, 1'500'000));
    Unwrap(OpenWriter());
    CHECK(Saved().size() == 2);
  }
}

TEST_CASE_METHOD(CutFixture, "what is no stream that was cut is not saved", "[session][cut]") {
  SECTION("too little of one") { LeaveInPack(Seal(Noise(3 << 20)).substr(0, 900'000)); }
  SECTION("several small ones") {
    const std::string one = Seal(Noise(900'000));
    LeaveInPack(one + std::string(96, 'h') + one);
  }
  SECTION("bytes that are no sealed file") { LeaveInPack(Noise(2 << 20)); }
  CHECK(Unwrap(OpenWriter())->remarks().empty());
  CHECK(Saved().empty());
  CHECK(fs::file_size(pack()) == end);
}

}  // namespace exhibit::testing
