// A statement on its way between people, before any log has it: a file of its field lines, then the signed note.
//
//   ["<salt>","items","3-7"]        the lines whose list the note names by its hash
//   …
//   {"v":1,"statement":"transfer",…}
//
//   — x7.example/q4d2/k1 …
//
// Whoever puts it into a log seals these lines, byte for byte.
#pragma once

#include <string>

#include "vault/base/file.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/custody/field.h"
#include "vault/custody/signed_text.h"

namespace exhibit::cli {

inline constexpr std::size_t kMaxStatementFileBytes = custody::kMaxFieldsBytes + 65'536;

// The field lines end where the note begins: at the first line that is no array.
struct StatementParts {
  custody::FieldList fields;
  Bytes note;
};
Result<StatementParts> SplitStatement(ByteView file);

template <typename Statement>
struct StatementFile {
  custody::FieldList fields;
  custody::SignedText<Statement> note;

  std::string Text() const { return fields.Lines() + std::string(TextOf(note.bytes())); }
  Result<void> WriteTo(const std::string& path) const { return WriteNewFile(path, ViewOf(Text()), 0644); }
};

// kInvalid naming what is wrong; kTampered if the fields are not those that the note names.
template <typename Statement>
Result<StatementFile<Statement>> ParseStatement(ByteView file) {
  TRY(StatementParts parts, SplitStatement(file));
  TRY(auto note, custody::SignedText<Statement>::Parse(std::move(parts.note)));
  if (note.said().fields != parts.fields.digest()) {
    return Fail(ErrorCode::kTampered, "the lines before the statement are not those that it was signed over");
  }
  return StatementFile<Statement>{std::move(parts.fields), std::move(note)};
}

template <typename Statement>
Result<StatementFile<Statement>> ReadStatement(const std::string& path) {
  TRY(const Bytes bytes, ReadFile(path, kMaxStatementFileBytes));
  auto statement = ParseStatement<Statement>(bytes);
  if (!statement) return Fail(std::move(statement).error().In(Printable(path)));
  return statement;
}

}  // namespace exhibit::cli
