#include "vault/store/vault_objects.h"

#include "vault/base/canonical.h"
#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/base/read_if_there.h"
#include "vault/crypto/random.h"
#include "vault/store/kept_heads.h"
#include "vault/store/lock_state.h"

namespace exhibit::store {
namespace {

using net::ObjectStore;

constexpr std::string_view kSettings = "settings";
constexpr std::string_view kKeyFiles = "keys/";
constexpr std::uint64_t kMaxKeyFileBytes = 1 << 20;
constexpr std::uint64_t kMaxSettingsBytes = 64 * 1024;

std::string Padded(std::string_view folder, std::uint64_t n) { return Format("{}{:016}", folder, n); }

}  // namespace

std::uint64_t NewPackId() { return crypto::RandomNumber(); }

std::string KeyOfCommit(std::uint64_t n) { return Padded("log/", n); }
std::string KeyOfHead(std::uint64_t n) { return Padded("head/", n); }

Bytes ObjectSettings::Encode() const {
  CanonicalWriter out;
  out.Raw("{");
  out.Member("v");
  out.Number(1);
  out.Member("log_lock_days");
  out.Number(log_lock_days);
  out.Member("payload_lock_days");
  out.Number(payload_lock_days);
  const auto list = [&](std::string_view name, const std::vector<std::string>& texts) {
    out.Member(name);
    out.Raw("[");
    for (const std::string& one : texts) {
      out.Element();
      out.Text(one);
    }
    out.Raw("]");
  };
  list("weak", weak);
  list("other", other);
  out.Raw("}\n");
  return ToBytes(ViewOf(out.written()));
}

Result<ObjectSettings> ObjectSettings::Parse(ByteView text) {
  CanonicalReader in(TextOf(text));
  ObjectSettings settings;
  TRY_VOID(in.Expect("{"));
  TRY_VOID(in.ExpectMember("v"));
  TRY(const std::uint64_t version, in.Number());
  if (version != 1) {
    return Fail(ErrorCode::kUnsupported,
                Format("the vault's settings are of version {}, and this program knows 1", version),
                "use the version of exhibit that wrote it, or a newer one");
  }
  const auto days = [&](std::string_view name) -> Result<std::uint32_t> {
    TRY_VOID(in.ExpectMember(name));
    TRY(const std::uint64_t number, in.Number());
    if (number == 0 || number > 36'500) return in.Refuse("is a number of days from 1 to 36500");
    return static_cast<std::uint32_t>(number);
  };
  TRY(settings.log_lock_days, days("log_lock_days"));
  TRY(settings.payload_lock_days, days("payload_lock_days"));
  const auto list = [&](std::string_view name) -> Result<std::vector<std::string>> {
    std::vector<std::string> texts;
    TRY_VOID(in.ExpectMember(name));
    TRY_VOID(in.Expect("["));
    while (!in.Accept("]")) {
      if (!texts.empty()) TRY_VOID(in.Expect(","));
      TRY(const std::string_view one, in.Text());
      texts.emplace_back(one);
    }
    return texts;
  };
  TRY(settings.weak, list("weak"));
  TRY(settings.other, list("other"));
  TRY_VOID(in.Expect("}\n"));
  TRY_VOID(in.End());
  return settings;
}

Result<ObjectSettings> VaultObjects::ReadSettings() const {
  auto read = Persist([&] { return buckets_.log->GetObject({std::string(kSettings)}, kMaxSettingsBytes); });
  if (!read && read.error().code == ErrorCode::kNotFound) {
    return Fail(ErrorCode::kNotFound, Format("no vault in {}: {} has no settings", Name(), LogName()),
                "make one: exhibit init s3://HOST/BUCKET/PREFIX --origin ORIGIN");
  }
  TRY(const net::Object object, std::move(read));
  auto settings = ObjectSettings::Parse(object.bytes);
  if (!settings) return Fail(std::move(settings).error().In(Format("{}/{}", LogName(), kSettings)));
  return settings;
}

// Nobody else makes a vault here: the one who is told that it was created has made it. Where the answer is lost, the bytes
// tell, unless two make the same at the same moment; then both are told that it is there.
Result<void> VaultObjects::CreateSettings(const ObjectSettings& settings) const {
  const Bytes bytes = settings.Encode();
  const auto made = buckets_.log->PutObject({.key = kSettings, .bytes = bytes, .when = ObjectStore::When::kAbsent});
  if (!made && made.error().code == ErrorCode::kExists) {
    return Fail(ErrorCode::kExists,
                Format("there is a vault in {} already, or what an init left that was cut short", Name()),
                "choose another prefix: s3://HOST/BUCKET/PREFIX");
  }
  if (!made) return Fail(made.error());
  TRY_VOID(PutLocked(std::string(kSettings), bytes, settings.log_lock_days));
  return {};
}

Result<std::optional<Bytes>> VaultObjects::ReadIfThere(net::ObjectStore& bucket, const std::string& key,
                                                       std::uint64_t limit_bytes) const {
  TRY(auto object, NothingIfAbsent(Persist([&] { return bucket.GetObject({key}, limit_bytes); })));
  if (!object) return std::optional<Bytes>();
  return std::optional(std::move(object->bytes));
}

Result<std::optional<Bytes>> VaultObjects::ReadCommit(std::uint64_t n) const {
  return ReadIfThere(*buckets_.log, KeyOfCommit(n), kMaxCommitBytes);
}

Result<void> VaultObjects::TryCommit(std::uint64_t n, ByteView commit) const {
  TRY_VOID(buckets_.log->PutObject({.key = KeyOfCommit(n), .bytes = commit, .when = ObjectStore::When::kAbsent}));
  return {};
}

Result<bool> VaultObjects::HasCopy(std::uint64_t n) const {
  TRY(const auto facts, NothingIfAbsent(Persist([&] { return buckets_.data->LookAt({KeyOfCommit(n)}); })));
  return facts.has_value();
}

Result<void> VaultObjects::PutCopy(std::uint64_t n, ByteView commit) const {
  TRY_VOID(PutLocked(KeyOfCommit(n), commit, settings_.log_lock_days));
  return {};
}

Result<std::optional<Bytes>> VaultObjects::ReadHead(std::uint64_t n) const {
  return ReadIfThere(*buckets_.data, KeyOfHead(n), kMaxHeadBytes);
}

Result<void> VaultObjects::PutHead(std::uint64_t n, ByteView note) const {
  TRY_VOID(PutLocked(KeyOfHead(n), note, settings_.log_lock_days));
  return {};
}

Result<NamedObject> VaultObjects::PutPack(NamedObject::Kind kind, std::uint64_t id, ByteView bytes) const {
  NamedObject object{kind, id, bytes.size(), crypto::Sha256(bytes), {}};
  TRY(object.version, PutLocked(KeyOf(object), bytes, settings_.payload_lock_days));
  return object;
}

Result<std::string> VaultObjects::PutLocked(const std::string& key, ByteView bytes, std::uint32_t days) const {
  EXHIBIT_ASSERT(days > 0);
  const net::LockedUntil lock = LockFrom(Now(), days);
  TRY(const std::string version,
      Persist([&] { return buckets_.data->PutObject({.key = key, .bytes = bytes, .lock = lock}); }));
  const std::string what = Format("{}/{}", Name(), key);
  TRY(const net::ObjectFacts facts, ReadBack({key, version}, bytes));
  if (!facts.lock || *facts.lock < lock) {
    return Fail(ErrorCode::kTampered,
                Format("{}: it was stored without the lock that was asked for, until {}", what, FormatTime(lock.time)),
                "whoever has the credentials could delete it; is the bucket still one with Object Lock?");
  }
  return version;
}

Result<net::ObjectFacts> VaultObjects::ReadBack(const net::ObjectName& name, ByteView bytes) const {
  TRY(ObjectStore::Compared there, Persist([&] { return buckets_.data->Compare(name, bytes); }));
  if (there.is_same) return std::move(there.facts);
  return Fail(
      ErrorCode::kTampered, Format("{}/{}: read back differs from what was written", Name(), name.key),
      "the object store, or what is on the way to it, changes what is stored; no checkpoint was signed over it");
}

Result<Bytes> VaultObjects::ReadRange(const NamedObject& object, ByteRange range) const {
  if (range.bytes == 0) return Bytes();
  return Persist([&] { return buckets_.data->GetRange({KeyOf(object), object.version}, range); });
}

Result<std::optional<Bytes>> VaultObjects::ReadKeyFile(std::string_view name) const {
  return ReadIfThere(*buckets_.data, Format("{}{}", kKeyFiles, name), kMaxKeyFileBytes);
}

Result<void> VaultObjects::PutKeyFile(std::string_view name, ByteView bytes) const {
  TRY_VOID(PutLocked(Format("{}{}", kKeyFiles, name), bytes, settings_.log_lock_days));
  return {};
}

Result<std::vector<net::ListedObject>> VaultObjects::ListData(std::string_view prefix) const {
  return ListAll(*buckets_.data, prefix);
}
Result<std::vector<net::ListedObject>> VaultObjects::ListLog(std::string_view prefix) const {
  return ListAll(*buckets_.log, prefix);
}

Result<void> VaultObjects::VisitVersions(std::string_view prefix,
                                         const std::function<Result<void>(const Versions&)>& visit) const {
  Versions of_one_name;
  for (net::ObjectName after;;) {
    TRY(ObjectStore::VersionPage page, Persist([&] { return buckets_.data->ListVersions(prefix, after); }));
    if (!page.versions.empty()) after = page.versions.back().name;
    for (net::ListedVersion& version : page.versions) {
      if (!of_one_name.empty() && of_one_name.front().name.key != version.name.key) {
        TRY_VOID(visit(std::exchange(of_one_name, {})));
      }
      of_one_name.push_back(std::move(version));
    }
    if (page.is_last) break;
  }
  return of_one_name.empty() ? Result<void>() : visit(of_one_name);
}

Result<Bytes> VaultObjects::ReadVersion(const net::ObjectName& name, std::uint64_t limit_bytes) const {
  TRY(net::Object object, Persist([&] { return buckets_.data->GetObject(name, limit_bytes); }));
  return std::move(object.bytes);
}

Result<std::optional<net::LockedUntil>> VaultObjects::ReadLock(const net::ObjectName& name) const {
  return Persist([&] { return buckets_.data->ReadLock(name); });
}

Result<void> VaultObjects::DeleteVersion(const net::ObjectName& name) const {
  EXHIBIT_ASSERT(!name.version.empty());  // without one it would be hidden and not deleted
  const auto deleted = Persist([&] { return buckets_.data->Delete(name); });
  if (deleted || deleted.error().code == ErrorCode::kNotFound) return {};
  return Fail(deleted.error());
}

Result<void> VaultObjects::LengthenLock(const net::ObjectName& name, net::LockedUntil until) const {
  TRY_VOID(Persist([&] { return buckets_.data->Lock(name, until); }));
  TRY(const auto now, ReadLock(name));
  if (now && *now >= until) return {};
  return Fail(ErrorCode::kTampered, Format("{}/{}: the lock was set until {}, and read back it is {}", Name(), name.key,
                                           FormatTime(until.time), now ? FormatTime(now->time) : "none"));
}

Result<std::vector<net::ListedObject>> VaultObjects::ListAll(ObjectStore& bucket, std::string_view prefix) const {
  std::vector<net::ListedObject> all;
  for (std::string after;;) {
    TRY(ObjectStore::Page page, Persist([&] { return bucket.List(prefix, after); }));
    if (!page.objects.empty()) after = page.objects.back().key;
    for (net::ListedObject& object : page.objects) all.push_back(std::move(object));
    if (page.is_last) return all;
  }
}

}  // namespace exhibit::store
