#include "cli/statement_file.h"

namespace exhibit::cli {

Result<StatementParts> SplitStatement(ByteView file) {
  const std::string_view text = TextOf(file);
  // Neither a line of fields nor a note has a carriage return.
  if (text.starts_with("\xEF\xBB\xBF") || text.find("\r\n") != std::string_view::npos) {
    return Fail(ErrorCode::kInvalid, "its line ends or its encoding were changed on the way",
                "an editor, a mail or a shell of Windows does that: take it again, as an attachment or in a zip");
  }
  std::size_t begin = 0;
  while (begin < text.size() && text[begin] == '[') {
    const std::size_t end = text.find('\n', begin);
    if (end == std::string_view::npos) return Fail(ErrorCode::kInvalid, "it ends within a line of fields");
    begin = end + 1;
  }
  if (begin == 0) return Fail(ErrorCode::kInvalid, "it is no statement: it does not begin with lines of fields");
  TRY(custody::FieldList fields, custody::FieldList::ParseWhole(text.substr(0, begin)));
  return StatementParts{std::move(fields), ToBytes(file.subspan(begin))};
}

}  // namespace exhibit::cli
