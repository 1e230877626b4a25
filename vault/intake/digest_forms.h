// The forms of lists of digests (digest_list.h), a file for each family of tools: digest_form_*.cc. A form reads a list line
// by line, and says of each what it is to it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vault/custody/item_facts.h"

namespace exhibit::intake {

struct ListedLine {
  std::string path;
  std::vector<custody::ClaimedDigest> digests;
};

enum class Grasp : std::uint8_t {
  kNotMine,  // another form may know it
  kOfForm,   // a heading, or the first of several lines
  kFile,     // what the list says of a file
  kWrong,    // it should be of this form, and is not
};

struct Grasped {
  Grasp grasp = Grasp::kNotMine;
  ListedLine file = {};

  static Grasped Not() { return {}; }
  static Grasped OfForm() { return {Grasp::kOfForm}; }
  // kFile; `otherwise` if there is none.
  static Grasped File(std::optional<ListedLine> line, Grasp otherwise) {
    return line ? Grasped{Grasp::kFile, std::move(*line)} : Grasped{otherwise};
  }
};

class DigestForm {
 public:
  virtual ~DigestForm() = default;
  // REQUIRES: the line is not empty.
  virtual Grasped Read(std::string_view line) = 0;
  // False where the list ended within what it says of a file.
  virtual bool is_whole() const { return true; }
};

// sha256sum and its like, --tag, BSD, openssl dgst; md5deep with sizes; FCIV.
std::unique_ptr<DigestForm> MakeSumForm();
std::unique_ptr<DigestForm> MakeHashdeepForm();
// certutil -hashfile; Get-FileHash as a table and as a list.
std::unique_ptr<DigestForm> MakeCertutilForm();
std::unique_ptr<DigestForm> MakePowerShellForm();
// With columns that a heading names, between commas, semicolons or tabs: Get-FileHash | Export-Csv, FTK Imager, HashMyFiles.
std::unique_ptr<DigestForm> MakeColumnForm();

// What the forms share. The length of hex says which digest it is.
std::optional<custody::ClaimedDigest> DigestFrom(std::string_view hex);
// As lists name it: "SHA256", "sha-256", "SHA2-256".
std::optional<custody::DigestAlgorithm> AlgorithmNamed(std::string_view name);
std::optional<custody::ClaimedDigest> DigestNamed(std::string_view algorithm, std::string_view hex);
// Without blanks and tabs at both ends.
std::string_view WithoutBlanks(std::string_view text);
// "C:\logs\a.log", of a tool of Windows, is "/logs/a.log".
std::string FromWindows(std::string_view path);
// Whether a path in a list of any system is one of Windows. A name of another system may hold a backslash.
bool IsOfWindows(std::string_view path);

}  // namespace exhibit::intake
