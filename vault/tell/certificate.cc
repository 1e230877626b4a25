#include "vault/tell/certificate.h"

#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/custody/entry_time.h"
#include "vault/custody/item_facts.h"
#include "vault/custody/item_state.h"

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
    "   sealed with it as a field. An entry that names the hashes of the sealed file and of its fields was signed "
    "(Ed25519)\n"
    "   by the person or machine that took it in, and became a leaf of an append-only log (RFC 6962), whose "
    "checkpoints "
    "are\n"
    "   signed.\n";

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
    "   For this copy each sealed file was read, and the hashes of its header and of its payload were compared with "
    "those\n"
    "   that the entry names. The payload was copied byte for byte under a new header for the receiver; it was not\n"
    "   opened in the copying. The digests below are of the sealed files in this bundle.\n\n"
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

std::string ClaimsOf(const custody::ItemFacts& facts) {
  std::string text;
  for (const custody::ClaimedDigest& claim : facts.claimed) {
    text += Format("   the collector's {} {} {} when it was taken in\n", custody::ToText(claim.algorithm),
                   ToHex(claim.value), claim.matched ? "matched" : "DID NOT MATCH");
  }
  return text;
}

// What of an item is not whole, so that nobody certifies more than there is.
std::string StateOf(const custody::ItemFacts& facts) {
  std::string text;
  for (const std::string& word : custody::NotOrdinary(facts)) text += "   NOT AS AN ORDINARY COPY: " + word + "\n";
  return text;
}

std::string OriginalOf(const bundle::ExportedEntry& exported) {
  const custody::ItemFacts& facts = exported.facts;
  const auto name = facts.path ? facts.path : facts.name;
  std::string text;
  if (name) text += Format("   {}\n", Printable(*name));
  if (!exported.file.empty()) text += Format("   {}\n", Printable(exported.file));
  if (facts.size) text += Format("   {} bytes\n", *facts.size);
  if (facts.sha256) text += Format("   SHA-256 {}\n", ToHex(facts.sha256->view()));
  return text + ClaimsOf(facts) + StateOf(facts);
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
      FormatEntryTime(custody::EntryTimeOf(head.made)), Counted(items, "item", "items"),
      Printable(head.log.origin.text()), ToHex(head.fingerprint.view()), items == 1 ? "was" : "were",
      Printable(head.custodian.text()), Printable(head.program));
  text += kProcess;
  text += head.form == bundle::Form::kPlain ? kPlain : kSealedForm;
  text += kOath;
  TRY_VOID(file.Write(ViewOf(text)));
  return Certificate(std::move(file), head.form);
}

Result<void> Certificate::Add(const bundle::BagWriter& bag, const bundle::ExportedEntry& exported,
                              const std::string& taken_in_by) {
  const custody::Entry& entry = exported.entry.parsed();
  std::string text =
      Format("\nentry {}, taken in {} by {}\n", entry.sequence, FormatEntryTime(entry.time), taken_in_by);
  if (form_ == bundle::Form::kPlain && exported.fields != nullptr) {
    text += OriginalOf(exported);
  } else if (!exported.file.empty()) {
    text += Format("   SHA-256 {}  {}\n", ToHex(bag.HashesOf(exported.file).sha256.view()), exported.file);
  }
  return file_.Write(ViewOf(text));
}

}  // namespace exhibit::tell
