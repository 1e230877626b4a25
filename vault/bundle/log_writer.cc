#include "vault/bundle/log_writer.h"

#include <utility>

#include "vault/base/text.h"

namespace exhibit::bundle {

Result<void> LogWriter::Append(std::string_view path, std::string_view text) {
  auto file = files_.find(path);
  if (file == files_.end()) {
    TRY(BagWriter::File made, bag_.Create(std::string(path)));
    file = files_.emplace(path, std::move(made)).first;
  }
  bytes_ += text.size();
  if (bytes_ > kMaxCopiedLogBytes) copy_.reset();
  if (copy_) (*copy_)[std::string(path)] += text;
  return file->second.Write(ViewOf(text));
}

Result<void> LogWriter::Finish() {
  for (auto& [path, file] : files_) TRY_VOID(bag_.Finish(std::move(file)));
  files_.clear();
  return {};
}

}  // namespace exhibit::bundle
