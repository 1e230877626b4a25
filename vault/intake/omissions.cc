#include "vault/intake/omissions.h"

#include <utility>

#include "vault/base/bytes_source.h"
#include "vault/base/canonical_form.h"
#include "vault/base/clock.h"
#include "vault/base/text.h"
#include "vault/intake/item_sealing.h"
#include "vault/seal/plaintext.h"

namespace exhibit::intake {

void Omissions::Add(const std::filesystem::path& path, std::string_view why) {
  CanonicalWriter out;
  out.Raw("{");
  out.Member("path");
  Form<custody::FieldValue>::Write(out, custody::FieldValue::Name(ViewOf(path.native())));
  out.Member("why");
  out.Text(ReplaceInvalidUtf8(why));
  out.Raw("}\n");
  lines_ += std::move(out).Take();
  ++count_;
}

Result<store::Pending> Omissions::Seal(Destination& destination, const std::vector<std::string>& cases,
                                       seal::CompressionLevel level, Pool& pool,
                                       std::unique_ptr<store::SealedStage>& stage) const {
  custody::ItemFacts facts;
  facts.name = "omissions.jsonl";
  facts.kind = custody::Kind::kOther;
  facts.description = "inputs that were not taken in, and why";
  facts.file_type = custody::FileType::kStream;
  facts.acquired.at = Now();
  facts.cases = cases;
  facts.count = count_;
  OriginalWatch watch(std::move(facts), {.parts = PartsChoice::kNone});
  watch.See(ViewOf(lines_));
  TRY(store::Fields fields, watch.Finish({}));
  const store::EntrySealer& sealer = destination.sealer();
  if (lines_.size() <= seal::kEarlyFrameBytes) {
    TRY(store::SealedEntry sealed, sealer.Seal(std::move(fields), cases, ViewOf(lines_), level));
    return store::Pending{custody::Omission{}, std::move(sealed)};
  }
  TRY(stage, destination.NewStage());
  BytesSource source(ViewOf(lines_));
  store::EntrySealer::Stream stream{cases, level, {}, {}, nullptr};
  stream.fields = [&](std::uint64_t) -> Result<store::Fields> { return std::move(fields); };
  TRY(store::SealedEntry sealed, sealer.Seal(source, stream, pool, *stage));
  TRY(store::SealedPlace place, stage->End(sealed.block_hashes, sealed.layout.Line()));
  return store::Pending{custody::Omission{}, std::move(sealed), std::move(place)};
}

}  // namespace exhibit::intake
