#include "vault/work/kit_papers.h"

#include <algorithm>
#include <utility>

#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/base/markup.h"
#include "vault/base/text.h"
#include "vault/work/qr_code.h"

namespace exhibit::work {
namespace {

std::string Words(const custody::PersonFacts& facts) {
  std::string words = custody::NameOf(*facts.person);
  for (const auto* const one : {&facts.name, &facts.organisation, &facts.contact}) {
    if (*one) words += ", " + Printable(**one);
  }
  return words;
}

std::string LineOf(const KitPerson& one) {
  return Format("{}  {} ({}){}", one.handle, Words(one.facts), one.roles,
                one.is_admitted ? "" : ", no longer admitted");
}

std::string LineOf(const custody::ReaderFacts& reader) {
  return Printable(reader.recipient) + (reader.name ? "  " + Printable(*reader.name) : "");
}

std::string CosignersOf(const KitWords& words) {
  std::string names;
  for (const std::string& name : words.cosigners) names += (names.empty() ? "" : ", ") + Printable(name);
  return names.empty() ? "nobody" : names;
}

std::string_view WhatOpens(const KitWords& words) {
  return words.is_under_passphrase ? "the passphrase of the vault's key" : "a reader's identity";
}

bool NamesAnybody(const KitWords& words) {
  return std::ranges::any_of(words.people, [](const KitPerson& one) { return one.facts.name.has_value(); }) ||
         std::ranges::any_of(words.readers, [](const custody::ReaderFacts& one) { return one.name.has_value(); });
}

std::string NotTold(const KitWords& words) {
  if (words.names_people) return "";
  return "Whose the keys are is sealed, and this kit was made without a reader's key, which tells names.\n";
}

// "-i READER", or nothing where a passphrase is asked for.
std::string_view IdentityOption(const KitWords& words) { return words.is_under_passphrase ? "" : " -i READER"; }

std::string FilesText(const KitWords& words) {
  std::string text =
      "FILES\n\n"
      "print.html         one page for paper; what is short is there as a QR code, too\n"
      "fingerprint        which vault this is\n"
      "checkpoint         the signed head of its log: `exhibit --pin` and `exhibit verify --after` take it\n"
      "law.proof          which keys sign, read and recover: `exhibit-verify --proof law.proof --fingerprint ...`\n";
  const std::pair<std::string_view, std::string_view> kMeanings[] = {
      {"keys/reader.age", "opens the evidence"},
      {"keys/recovery.age", "lets the readers name a new custodian"},
      {"keys/log.key", "signs checkpoints; under its passphrase"},
      {"keys/log-pq.key", "signs checkpoints, too; under its passphrase"},
      {"keys/label.key", "labels entries for cases; under its passphrase"}};
  for (const KitWords::File& secret : words.secrets) {
    const auto* const meaning = std::ranges::find(kMeanings, std::string_view(secret.name),
                                                  &std::pair<std::string_view, std::string_view>::first);
    std::string name = secret.name;
    name.resize(19, ' ');
    text += name + std::string(meaning == std::end(kMeanings) ? "" : meaning->second) + "\n";
  }
  return text + "SHA256SUMS         of all of them: `sha256sum -c SHA256SUMS`\n\n";
}

std::string VaultText(const KitWords& words) {
  std::string text = Format(
      "WHICH VAULT\n\norigin        {}\nfingerprint   {}\nentries       {} (the last is {})\ncosigned by   {}\n"
      "recipient     {}\nlog key       {}\n",
      words.checkpoint.origin.text(), ToHex(words.fingerprint.view()), words.checkpoint.size,
      words.checkpoint.size.value - 1, CosignersOf(words), words.recipient, words.log_key);
  text += "recovery key  " + words.recovery_key.value_or("none") + "\n\n";
  text += "WHOSE KEYS\n\n" + NotTold(words);
  for (const KitPerson& one : words.people) text += LineOf(one) + "\n";
  text += "\nWHO READS\n\n";
  if (words.is_under_passphrase) text += "whoever has the passphrase of the vault's key\n";
  for (const custody::ReaderFacts& reader : words.readers) text += LineOf(reader) + "\n";
  if (!words.is_under_passphrase && words.readers.empty()) text += "sealed: a reader's key tells it\n";
  return text + "\n";
}

std::string LossText(const KitWords& words) {
  std::string text = Format(
      "AFTER A LOSS\n\n"
      "The vault's disk. Restore its folder from a copy. If a file of keys/ is missing there, copy it from this kit. "
      "Then:\n"
      "    exhibit verify --fingerprint {} --after checkpoint\n\n"
      "Every custodian's key.\n    ",
      ToHex(words.fingerprint.view()));
  if (words.recovery_key) {
    text += Format("exhibit recover{} --name NAME --reason \"...\"\n", IdentityOption(words)) +
            "It needs the vault's folder, keys/recovery.age, and keys/log.key with its passphrase.\n\n";
  } else {
    text += "This vault has no recovery key: what is there stays readable, and nobody adds to it any more.\n\n";
  }
  text +=
      words.is_under_passphrase
          ? "The passphrase of the vault's key. Nobody opens the evidence any more.\n\n"
          : "One reader's identity. Another reader opens the vault, and seals it to a new one: exhibit reader add.\n"
            "Every reader's identity. Nobody opens the evidence any more.\n\n";
  text +=
      "keys/log.key or its passphrase. Nobody adds to the vault any more; what is there stays readable and "
      "provable.\n\n";
  return text + Format(
                    "No exhibit at all. age and zstd open a sealed file:\n"
                    "    age -d{} keys/reader.age > vault-key\n    age -d -i vault-key SEALED.age | zstd -d\n\n",
                    IdentityOption(words));
}

// --- the page ---

constexpr std::string_view kStyle =
    "@page{margin:14mm}body{font:10pt/1.35 sans-serif;max-width:182mm;margin:0 auto;color:#000;background:#fff}"
    "h1{font-size:15pt;margin:0 0 1mm}h2{font-size:11pt;margin:4mm 0 1mm}p{margin:0 0 2mm}"
    "code,pre{font:8pt/1.3 monospace}pre{margin:0;white-space:pre-wrap;word-break:break-all}"
    ".codes{display:flex;flex-wrap:wrap;gap:5mm}figure{margin:0;width:56mm;break-inside:avoid}svg{width:56mm;height:"
    "56mm}"
    "figcaption{font-size:8pt}table{border-collapse:collapse}td{vertical-align:top;padding:0 4mm 0 0}"
    ".text{break-inside:avoid;margin-top:3mm}";

// "4e8d c9e0 …", as people read digits to each other.
std::string InGroups(std::string_view digits) {
  std::string text;
  for (std::size_t at = 0; at < digits.size(); at += 4)
    text += (at == 0 ? "" : " ") + std::string(digits.substr(at, 4));
  return text;
}

std::string Row(std::string_view name, std::string_view value) {
  return Format("<tr><td>{}</td><td><code>{}</code></td></tr>\n", name, EscapedForMarkup(value));
}

Result<std::string> Figure(std::string_view text, std::string_view caption) {
  TRY(const std::string svg, QrCodeSvg(text));
  return Format("<figure>{}<figcaption>{}</figcaption></figure>\n", svg, EscapedForMarkup(caption));
}

std::string TextOfFile(const KitWords::File& file) {
  return Format("<div class=\"text\"><h2>{}</h2><pre>{}</pre></div>\n", EscapedForMarkup(file.name),
                EscapedForMarkup(file.text));
}

// What is short, as codes and as text.
Result<std::string> ShortFiles(const KitWords& words) {
  const KitWords::File head{"fingerprint and checkpoint",
                            Format("fingerprint {}\n\n{}", ToHex(words.fingerprint.view()), words.checkpoint_note)};
  std::vector<const KitWords::File*> files = {&head};
  for (const KitWords::File& secret : words.secrets) files.push_back(&secret);
  std::string codes;
  std::string texts;
  for (const KitWords::File* const file : files) {
    if (file->text.size() > kMaxQrBytes) {
      texts += Format("<p>{} has {} bytes, too many for paper: keep the file.</p>\n", EscapedForMarkup(file->name),
                      file->text.size());
      continue;
    }
    TRY(const std::string figure, Figure(file->text, file->name));
    codes += figure;
    texts += TextOfFile(*file);
  }
  return "<div class=\"codes\">\n" + codes + "</div>\n" + texts;
}

}  // namespace

std::string KitReadme(const KitWords& words) {
  std::string text = Format(
      "KIT OF THE VAULT {}\nmade {} by {}\n\n"
      "With this kit, a copy of the vault's folder and {}, the vault's evidence can be\n"
      "used and its readers can act after a loss. The kit opens no evidence by itself. Keep it elsewhere than the "
      "vault,\n"
      "and the identities and passphrases elsewhere than the kit.{}\n\n",
      words.checkpoint.origin.text(), words.made, words.program, WhatOpens(words),
      NamesAnybody(words) ? " It names people: keep it where they\nwould be named." : "");
  text += FilesText(words) + VaultText(words) + LossText(words);
  text += "WHAT IS NOT HERE\n\nThe evidence: keep copies of the vault's folder. Identities and passphrases.\n";
  for (const std::string& one : words.left_out) text += one + "\n";
  return text + Format(
                    "\nTRY IT\n\nOn a machine without the vault, once now and then every year:\n"
                    "    exhibit kit --check THIS-FOLDER{} --fingerprint {}\n"
                    "Make a new kit when readers, keys, custodians or rules changed: `exhibit status` reminds of it.\n",
                    IdentityOption(words), ToHex(words.fingerprint.view()));
}

Result<std::string> KitPage(const KitWords& words) {
  TRY(const std::string files, ShortFiles(words));
  std::string page = Format(
      "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Kit of {0}</title>\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
      "<style>{1}</style></head><body>\n<h1>Kit of the vault {0}</h1>\n"
      "<p>Made {2}. With a copy of the vault's folder and {3}, this opens the evidence after a loss; by itself it "
      "opens\n"
      "nothing. Keep it elsewhere than the vault.</p>\n",
      EscapedForMarkup(words.checkpoint.origin.text()), kStyle, EscapedForMarkup(words.made), WhatOpens(words));
  page += "<table>\n" + Row("fingerprint", InGroups(ToHex(words.fingerprint.view()))) +
          Row("entries", Format("{}, cosigned by {}", words.checkpoint.size, CosignersOf(words))) +
          Row("recipient", words.recipient) + Row("log key", words.log_key) +
          Row("recovery key", words.recovery_key.value_or("none"));
  for (const KitPerson& one : words.people) page += Row("key", LineOf(one));
  for (const custody::ReaderFacts& reader : words.readers) page += Row("reader", LineOf(reader));
  page +=
      "</table>\n<p>" + NotTold(words) +
      "A QR code of a file in keys/ gives that file's text: save it under its name. `exhibit recover` acts where all "
      "custodians'\nkeys are lost; README.txt says what to do after which loss.</p>\n";
  return page + files + "</body></html>\n";
}

}  // namespace exhibit::work
