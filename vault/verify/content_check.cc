#include "vault/verify/content_check.h"

#include "vault/base/format.h"
#include "vault/custody/field_forms.h"
#include "vault/custody/item_facts.h"
#include "vault/verify/original_check.h"

namespace exhibit::verify {

namespace {

Result<std::uint64_t> BytesHeldBy(const custody::FieldList& item, const custody::ItemFacts& facts) {
  TRY_VOID(custody::CheckTold(custody::Showing::kOriginal, item));
  if (!facts.state || !facts.size) return Fail(ErrorCode::kInvalid, "field state or size has another form");
  return facts.state->content == custody::ContentPlace::kHere ? *facts.size : 0;
}

}  // namespace

Result<std::uint64_t> BytesHeldBy(const custody::FieldList& item) {
  return BytesHeldBy(item, custody::ItemFactsIn(item));
}

Result<std::uint64_t> CheckContent(const seal::ItemReader& opened, const custody::FieldList& fields,
                                   const std::function<Result<void>(ByteView)>& sink, Pool* pool) {
  const custody::ItemFacts facts = custody::ItemFactsIn(fields);
  TRY(const std::uint64_t wanted, BytesHeldBy(fields, facts));
  if (opened.original_bytes() != wanted) {
    return Fail(ErrorCode::kTampered,
                Format("its frames say that they hold {} bytes, and it must hold {}", opened.original_bytes(), wanted));
  }
  OriginalCheck check(fields, facts);
  TRY_VOID(opened.ReadOriginal(
      [&](ByteView piece) {
        check.Update(piece);
        return sink(piece);
      },
      pool));
  // What is kept elsewhere is not here to be compared.
  if (facts.state->content == custody::ContentPlace::kElsewhere) return 0;
  const std::vector<std::string> problems = check.Finish();
  if (problems.empty()) return check.bytes();
  return Fail(ErrorCode::kTampered, problems.front());
}

}  // namespace exhibit::verify
