#include "vault/work/bucket_drop.h"

#include <optional>

#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/crypto/random.h"
#include "vault/work/bucket_pieces.h"

namespace exhibit::work {
namespace {

constexpr std::string_view kItemEnding = ".collected";
constexpr std::string_view kEndEnding = ".closed";

// Of a statement that was kept, and of no other file.
Result<BucketSending::Acknowledged> AcknowledgedOf(const Unsent& one) {
  if (one.name.ends_with(kEndEnding)) {
    TRY(const auto end, custody::SignedClosedRun::Parse(one.bytes));
    return BucketSending::Acknowledged{end.said().up_to, std::nullopt};
  }
  const std::string_view text = TextOf(one.bytes);
  const std::size_t line = text.find('\n');
  if (line == std::string_view::npos) return Fail(ErrorCode::kInvalid, "it has no layout line");
  TRY(const auto item, custody::SignedCollected::Parse(ToBytes(ViewOf(text.substr(line + 1)))));
  return BucketSending::Acknowledged{item.said().number, item.said().sealed.header};
}

// The first of what failed; waits for all of it.
Result<void> WaitForAll(std::vector<std::future<Result<void>>>& puts) {
  Result<void> result;
  for (auto& put : puts) {
    auto done = put.get();
    if (!done && result) result = std::move(done);
  }
  return result;
}

Result<void> MayBeAdded(Result<void> put) {
  if (put || put.error().code != ErrorCode::kExists) return put;
  return Fail(ErrorCode::kExists, put.error().message,
              "something else is there under this name: collect again, with --resume");
}

}  // namespace

BucketDrop::BucketDrop(intake::Collector collector, BucketSending sending,
                       std::shared_ptr<const net::BucketFiles> bucket)
    : collector_(std::move(collector)),
      sending_(std::move(sending)),
      bucket_(std::move(bucket)),
      head_{collector_.setup().origin, {0}, tlog::EmptyRoot()} {
  BeginRun();
}

Result<std::unique_ptr<BucketDrop>> BucketDrop::Open(intake::Collector collector, const std::filesystem::path& folder,
                                                     std::shared_ptr<const net::BucketFiles> bucket,
                                                     std::string place) {
  TRY(BucketSending sending, BucketSending::Open(folder, std::move(place)));
  std::unique_ptr<BucketDrop> drop(new BucketDrop(std::move(collector), std::move(sending), std::move(bucket)));
  TRY(const auto left, drop->sending_.ReadLeft());
  for (const BucketSending::Left& one : left) TRY_VOID(drop->Send(one.file, one.statements, Before::kMaybe));
  return drop;
}

void BucketDrop::BeginRun() {
  run_ = Format("{:016x}", crypto::RandomNumber());
  is_begun_ = false;
}

std::string BucketDrop::NameOf(std::uint64_t number, std::string_view ending) const {
  return Format("{}/{}-{}{}", run_, ToHex(collector_.key().verifier().id().view()), number, ending);
}

Result<std::unique_ptr<store::SealedStage>> BucketDrop::NewStage() {
  if (is_begun_) BeginRun();
  is_begun_ = true;
  return std::unique_ptr<store::SealedStage>(
      std::make_unique<BucketPieces>(bucket_, uploads_, NameOf(collector_.last() + 1, ".age")));
}

Result<void> BucketDrop::PutSmall(const std::vector<store::Pending>& group, std::uint64_t first) {
  if (is_begun_) BeginRun();
  is_begun_ = true;
  std::vector<std::future<Result<void>>> puts;
  for (std::size_t i = 0; i < group.size(); ++i) {
    puts.push_back(uploads_.Submit([this, &sealed = *group[i].sealed, name = NameOf(first + i, ".age")] {
      Bytes bytes = sealed.header;
      Append(bytes, sealed.payload);
      return MayBeAdded(bucket_->Create(name, bytes));
    }));
  }
  return WaitForAll(puts);
}

Result<void> BucketDrop::Send(const std::filesystem::path& kept, const std::vector<Unsent>& statements, Before before) {
  std::vector<std::future<Result<void>>> puts;
  for (const Unsent& one : statements) {
    puts.push_back(uploads_.Submit([this, before, &one]() -> Result<void> {
      auto put = bucket_->Create(one.name, one.bytes);
      if (!put && put.error().code == ErrorCode::kExists && before == Before::kMaybe) return {};
      return MayBeAdded(std::move(put));
    }));
  }
  TRY_VOID(WaitForAll(puts));
  std::vector<BucketSending::Acknowledged> all;
  for (const Unsent& one : statements) {
    TRY(auto acknowledged, AcknowledgedOf(one));
    all.push_back(std::move(acknowledged));
  }
  return sending_.Done(kept, all);
}

Result<store::Committed> BucketDrop::Commit(std::vector<store::Pending> group,
                                            std::unique_ptr<store::SealedStage> stage) {
  EXHIBIT_ASSERT(stage == nullptr || group.size() == 1);
  const std::uint64_t first = collector_.last() + 1;
  if (stage != nullptr) {
    TRY_VOID(MayBeAdded(static_cast<BucketPieces*>(stage.get())->Finish()));
  } else {
    TRY_VOID(PutSmall(group, first));
  }
  std::vector<custody::SealedFile> files;
  for (const store::Pending& pending : group) files.push_back(pending.sealed->file);
  TRY(const std::vector<custody::SignedCollected> statements, collector_.Sign(files));
  is_begun_ = false;
  std::vector<Unsent> unsent;
  for (std::size_t i = 0; i < group.size(); ++i) {
    Bytes bytes = ToBytes(ViewOf(group[i].sealed->layout.Line()));
    Append(bytes, statements[i].bytes());
    unsent.push_back({NameOf(first + i, kItemEnding), std::move(bytes)});
  }
  TRY(const std::filesystem::path kept, sending_.Keep(unsent));
  TRY_VOID(Send(kept, unsent, Before::kNever));
  return store::Committed{{first}, head_};
}

Result<void> BucketDrop::Close() {
  if (sending_.IsClosed(collector_.last())) return {};  // nothing came after it
  TRY(const custody::SignedClosedRun end, collector_.SignEnd());
  const std::vector<Unsent> unsent = {{NameOf(collector_.last(), kEndEnding), ToBytes(end.bytes())}};
  TRY(const std::filesystem::path kept, sending_.Keep(unsent));
  return Send(kept, unsent, Before::kNever);
}

}  // namespace exhibit::work
