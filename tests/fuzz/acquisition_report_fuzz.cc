// A report of an imaging program: any text is read or refused, names hold no slash, and digests have their algorithm's size.
#include "vault/base/error.h"
#include "vault/intake/acquisition_report.h"
#include "vault/intake/image_name.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace exhibit;
  auto report = intake::ReadAcquisitionReport(TextOf(ByteView(data, size)));
  if (!report || !*report) return 0;
  const auto check = [](const std::vector<custody::ClaimedDigest>& digests) {
    for (const auto& digest : digests) {
      EXHIBIT_ASSERT(digest.value.size() == custody::DigestBytes(digest.algorithm));
    }
  };
  check((*report)->media);
  for (const auto& file : (*report)->files) {
    EXHIBIT_ASSERT(file.name.find('/') == std::string::npos);
    check(file.digests);
    const auto name = intake::ParseImageName(file.name);
    if (name && name->form == intake::ImageForm::kRawPieces) {
      EXHIBIT_ASSERT(intake::NameOfPiece(*name, name->number) == file.name);
    }
  }
  return 0;
}
