#include "vault/tell/certificate.h"

#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/base/text.h"

namespace exhibit::tell {
namespace {

constexpr std::string_view kTitle =
    "DRAFT. Not signed and not sworn. To be read, completed, corrected and signed by a person who can answer for it.\n"
    "It is no legal advice.\n\n"
    "CERTIFICATION OF DATA COPIED FROM AN ELECTRONIC DEVICE, STORAGE MEDIUM OR FILE\n"
    "Federal Rules of Evidence 902(14), meeting the requirements of 902(11)\n\n"
    "I, ______________________________ (name), ______________________________ (title and employer), state:\n\n"
    "1. I am qualified to make this certification by ________________________________________________\n"
    "   (training, experience, position).\n\n";

constexpr std::string_view kProcess =
    "3. The process. When an item was taken into the log, its SHA-256 digest was computed while it was read, and was\n"
    "   sealed with it. An entry that names the sealed file's hashes was signed (Ed25519) by the person or machine "
    "that\n"
    "   took it in, and became a leaf of an append-only log (RFC 6962), whose checkpoints are signed.\n";

constexpr std::string_view kPlain =
    "   For this copy each sealed file was read, decrypted and decompressed, and the SHA-256 digest of what came out "
    "was\n"
    "   compared with the one that was sealed with it.\n\n"
    "4. The digests matched: for each item below the digest of the copy in this bundle is identical to the digest "
    "that\n"
    "   was computed when the item was taken in. By that each is unchanged since it was taken in. This says nothing of "
    "the\n"
    "   time before, but where a digest that a collector had stated is said to have matched.\n\n";

constexpr std::string_view kSealedForm =
    "   For this copy each sealed file was read, and the hashes of its original header and of its payload were "
    "compared\n"
    "   with those that the entry names. The payload was copied byte for byte under a new header for the receiver; it\n"
    "   was not opened in the copying. The digests below are of the sealed files in this bundle.\n\n"
    "4. The hashes matched: for each item below the sealed payload in this bundle is identical to the one that the "
    "signed\n"
    "   entry names. By that each is unchanged since the entry was signed. This says nothing of the time before.\n\n";

constexpr std::string_view kOath =
    "5. How the data was collected, and where it was kept before: ____________________________________\n"
    "   ______________________________________________________________________________________________\n\n"
    "6. The program and the process are reliable, to my knowledge because: ___________________________\n"
    "   (VERIFY.txt beside this page lets anybody check the copy without the program.)\n\n"
    "7. Reasonable written notice was given to the adverse party, and the data and this certification made available: "
    "\n"
    "   ______________________________________________________________________________________________\n\n"
    "I declare under penalty of perjury under the laws of the United States of America that the foregoing is true and\n"
    "correct (28 U.S.C. 1746).\n\n"
    "Executed on (date): ____________________     at (place): ____________________\n\n"
    "Signature: ______________________________\n\n"
    "THE ITEMS\n";

std::string ClaimsOf(const seal::Metadata& metadata) {
  std::string text;
  for (const seal::ClaimedDigest& claim : metadata.claimed) {
    text += Format("   the collector's {} {} {} when it was taken in\n", seal::ToText(claim.algorithm),
                   ToHex(claim.value), claim.matched ? "matched" : "DID NOT MATCH");
  }
  return text;
}

}  // namespace

Result<Certificate> Certificate::Begin(bundle::BagWriter& bag, const bundle::BundleHead& head, std::uint64_t items) {
  TRY(bundle::BagWriter::File file, bag.Create(std::string(bundle::kCertificateFile)));
  std::string text(kTitle);
  text += Format(
      "2. The data. At {} {} of the evidence log\n"
      "   {}\n"
      "   (fingerprint {})\n"
      "   {} copied into the bundle of files that this page lies in, under the key of\n"
      "   {}, with the program {}.\n\n",
      FormatTime(head.made), Counted(items, "item", "items"), Printable(head.log.origin.text()),
      ToHex(head.fingerprint.view()), items == 1 ? "was" : "were", Printable(head.custodian), Printable(head.program));
  text += kProcess;
  text += head.form == bundle::Form::kPlain ? kPlain : kSealedForm;
  text += kOath;
  TRY_VOID(file.Write(ViewOf(text)));
  return Certificate(std::move(file));
}

Result<void> Certificate::Add(const bundle::ExportedEntry& exported) {
  const custody::Entry& entry = exported.entry.parsed();
  std::string text =
      Format("\nentry {}, taken in {} by {}\n", entry.sequence, FormatTime(entry.time), Printable(entry.actor));
  if (exported.metadata == nullptr) {
    text += Format("   SHA-256 {}  {}\n", exported.sealed_sha256, bundle::SealedFileName(entry.sequence));
    return file_.Write(ViewOf(text));
  }
  const seal::Metadata& metadata = *exported.metadata;
  text += Format(
      "   {}\n"
      "   {} bytes\n"
      "   SHA-256 {}\n",
      Printable(metadata.path.value_or(metadata.name)), metadata.size_bytes, ToHex(metadata.sha256.view()));
  return file_.Write(ViewOf(text + ClaimsOf(metadata)));
}

}  // namespace exhibit::tell
