#include "vault/custody/labels.h"

#include <algorithm>

#include "vault/base/canonical.h"
#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/crypto/given_secrets.h"
#include "vault/crypto/random.h"

namespace exhibit::custody {
namespace {

constexpr std::string_view kSecretPrefix = "exhibit-label-secret+";

crypto::DerivedKey SecretOf(ByteView bytes) {
  crypto::DerivedKey key;
  std::ranges::copy(bytes, key.ExposeSecretForWriting().begin());
  return key;
}

crypto::SecretText WipedCopy(std::string text) {
  crypto::SecretText secret(text);
  crypto::Wipe({reinterpret_cast<std::uint8_t*>(text.data()), text.size()});
  return secret;
}

struct CaseKeyLine {
  Fingerprint vault;
  std::string name;
  Bytes key;
};

Result<CaseKeyLine> ReadCaseKeyLine(std::string_view line) {
  CanonicalReader in(line);
  TRY_VOID(in.Expect("{\"v\":1"));
  TRY_VOID(in.ExpectMember("fingerprint"));
  TRY(const std::string_view fingerprint, in.Text());
  TRY(const Fingerprint vault, FixedFromHex<Fingerprint>(fingerprint, "\"fingerprint\""));
  TRY_VOID(in.ExpectMember("case"));
  TRY(const std::string_view name_text, in.Text());
  std::string name(name_text);
  TRY_VOID(in.ExpectMember("key"));
  TRY(const std::string_view key_text, in.Text());
  TRY(Bytes key, FromHex(key_text));
  TRY_VOID(in.Expect("}"));
  in.Accept("\n");
  TRY_VOID(in.End());
  return CaseKeyLine{vault, std::move(name), std::move(key)};
}

}  // namespace

Result<CaseKey> CaseKey::From(ByteView bytes) {
  if (bytes.size() != crypto::DerivedKey::kSize) return Fail(ErrorCode::kInvalid, "a case key has 32 bytes");
  return CaseKey(SecretOf(bytes));
}

Label CaseKey::LabelFor(const Fingerprint& vault, const HeaderDigest& header) const {
  const crypto::Mac mac = crypto::HmacSha256(key_, {ViewOf("exhibit-label\n"), vault.view(), header.view()});
  return *Label::From(mac.view().first(Label::kSize));
}

crypto::SecretText CaseKey::ToLine(const Fingerprint& vault, std::string_view name) const {
  CanonicalWriter out;
  out.Raw("{\"v\":1");
  out.Member("fingerprint");
  out.Text(ToHex(vault.view()));
  out.Member("case");
  out.Text(name);
  out.Member("key");
  out.Text(ToHex(key_.ExposeSecret()));
  out.Raw("}\n");
  return WipedCopy(std::move(out).Take());
}

Result<GivenCaseKey> GivenCaseKey::Parse(std::string_view line) {
  auto read = ReadCaseKeyLine(line);
  auto key = read ? CaseKey::From(read->key) : Result<CaseKey>(Fail(ErrorCode::kInvalid, ""));
  if (!key) {
    return Fail(ErrorCode::kInvalid, "is no case key: one line of \"v\", \"fingerprint\", \"case\" and \"key\"",
                "exhibit case key writes one");
  }
  crypto::Wipe(read->key);
  return GivenCaseKey{read->vault, std::move(read->name), std::move(*key)};
}

LabelSecret LabelSecret::Generate() {
  crypto::DerivedKey secret;
  crypto::FillRandom(secret.ExposeSecretForWriting());
  return LabelSecret(std::move(secret));
}

Result<LabelSecret> LabelSecret::Parse(std::string_view text) {
  auto bytes = text.starts_with(kSecretPrefix) ? FromBase64(text.substr(kSecretPrefix.size()), Base64::kPadded)
                                               : Result<Bytes>(Fail(ErrorCode::kInvalid, ""));
  if (!bytes || bytes->size() != crypto::DerivedKey::kSize) {
    return Fail(ErrorCode::kInvalid, "is no label secret: \"exhibit-label-secret+\" and 32 bytes in base64");
  }
  crypto::RememberGiven(text.substr(kSecretPrefix.size()));
  LabelSecret secret(SecretOf(*bytes));
  crypto::Wipe(*bytes);
  return secret;
}

crypto::SecretText LabelSecret::ToSecretText() const {
  return WipedCopy(std::string(kSecretPrefix) + ToBase64(secret_.ExposeSecret(), Base64::kPadded));
}

CaseKey LabelSecret::KeyOf(std::string_view case_name) const {
  return CaseKey(SecretOf(crypto::HmacSha256(secret_, {ViewOf("exhibit-case\n"), ViewOf(case_name)}).view()));
}

Result<Labels> Labels::Make(std::vector<Label> labels, LabelCount count) {
  EXHIBIT_ASSERT(count.value >= LabelCount::kLeast && count.value <= LabelCount::kMost);
  const auto in_order = [&] {
    std::ranges::sort(labels);
    labels.erase(std::unique(labels.begin(), labels.end()), labels.end());
  };
  in_order();
  if (labels.size() > count.value) {
    return Fail(ErrorCode::kInvalid,
                Format("it belongs to {} cases, and an entry of this vault has {} labels", labels.size(), count.value),
                "name fewer cases, and say the others in a note");
  }
  while (labels.size() < count.value) {
    Label free;
    crypto::FillRandom(free.mutable_view());
    labels.push_back(free);
    in_order();
  }
  return Labels(std::move(labels));
}

Result<Labels> Labels::Parse(std::string_view text) {
  TRY(const Bytes bytes, FromBase64(text, Base64::kPadded));
  const std::size_t count = bytes.size() / Label::kSize;
  if (bytes.size() % Label::kSize != 0 || count < LabelCount::kLeast || count > LabelCount::kMost) {
    return Fail(ErrorCode::kInvalid, "is not 4 to 64 labels of 16 bytes");
  }
  std::vector<Label> labels;
  labels.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    labels.push_back(*Label::From(ByteView(bytes).subspan(i * Label::kSize, Label::kSize)));
    if (i > 0 && labels[i] <= labels[i - 1]) {
      return Fail(ErrorCode::kInvalid, "has labels that are not in ascending order, each once");
    }
  }
  return Labels(std::move(labels));
}

std::string Labels::ToText() const {
  Bytes bytes;
  for (const Label& label : labels_) Append(bytes, label.view());
  return ToBase64(bytes, Base64::kPadded);
}

bool Labels::Has(const Label& label) const { return std::ranges::binary_search(labels_, label); }

}  // namespace exhibit::custody
