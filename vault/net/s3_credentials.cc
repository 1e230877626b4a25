#include "vault/net/s3_credentials.h"

#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>

#include "vault/base/file.h"
#include "vault/base/format.h"
#include "vault/base/systemd_credential.h"
#include "vault/base/text.h"

namespace exhibit::net {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMostFileBytes = 1 << 20;
constexpr std::string_view kHint =
    "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE and ~/.aws/credentials, as for other tools of S3";

std::string_view ValueOf(const char* variable) {
  const char* const value = std::getenv(variable);
  return value == nullptr ? std::string_view() : std::string_view(value);
}

std::string_view Trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r";
  const std::size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

bool IsToken(std::string_view text) {
  return text.find_first_of(" \t\r\n") == std::string_view::npos && !HasControl(text);
}

struct Parts {
  std::string_view id;
  std::string_view secret;
  std::string_view token;
};

crypto::SecretText Joined(std::string_view first, std::string_view second) {
  std::string text;
  text.reserve(first.size() + second.size() + 1);
  text.append(first).append(second).push_back('\0');
  crypto::SecretText joined{std::string_view(text)};
  crypto::Wipe({reinterpret_cast<std::uint8_t*>(text.data()), text.size()});
  return joined;
}

Result<S3Credentials> Made(const Parts& parts, std::string_view where) {
  if (parts.id.empty() || parts.secret.empty()) {
    return Fail(ErrorCode::kInvalid,
                Format("{}: {} without {}", where, parts.id.empty() ? "a secret access key" : "an access key",
                       parts.id.empty() ? "its access key" : "its secret"),
                std::string(kHint));
  }
  if (!IsToken(parts.id) || !IsToken(parts.secret) || !IsToken(parts.token) ||
      parts.id.find(':') != std::string_view::npos) {
    return Fail(ErrorCode::kInvalid, Format("{}: credentials with blanks or control characters", where));
  }
  S3Credentials made{Joined(std::string(parts.id) + ":", parts.secret), std::nullopt};
  if (!parts.token.empty()) made.token_header = Joined("x-amz-security-token: ", parts.token);
  return made;
}

Result<fs::path> FilePlace() {
  if (const auto file = ValueOf("AWS_SHARED_CREDENTIALS_FILE"); !file.empty()) return fs::path(file);
  const auto home = ValueOf("HOME");
  if (home.empty()) return Fail(ErrorCode::kDenied, "no credentials for the object store", std::string(kHint));
  return fs::path(home) / ".aws" / "credentials";
}

}  // namespace

Result<S3Credentials> S3Credentials::FromFile(std::string_view text, std::string_view profile, std::string_view where) {
  Parts parts;
  bool is_here = false;
  bool was_here = false;
  while (!text.empty()) {
    const std::string_view line = Trimmed(text.substr(0, text.find('\n')));
    text.remove_prefix(
        std::min(text.size(), text.find('\n') == std::string_view::npos ? text.size() : text.find('\n') + 1));
    if (line.empty() || line.front() == '#' || line.front() == ';') continue;
    if (line.front() == '[') {
      is_here = line.back() == ']' && Trimmed(line.substr(1, line.size() - 2)) == profile;
      was_here = was_here || is_here;
      continue;
    }
    const std::size_t equals = line.find('=');
    if (!is_here || equals == std::string_view::npos) continue;
    const std::string_view name = Trimmed(line.substr(0, equals));
    const std::string_view value = Trimmed(line.substr(equals + 1));
    if (name == "aws_access_key_id") parts.id = value;
    if (name == "aws_secret_access_key") parts.secret = value;
    if (name == "aws_session_token") parts.token = value;
  }
  if (!was_here) {
    return Fail(ErrorCode::kDenied, Format("{} has no profile \"{}\"", where, PrintableUpTo(100, profile)),
                std::string(kHint));
  }
  return Made(parts, Format("{}: profile \"{}\"", where, PrintableUpTo(100, profile)));
}

Result<S3Credentials> S3Credentials::Find() {
  const Parts given{ValueOf("AWS_ACCESS_KEY_ID"), ValueOf("AWS_SECRET_ACCESS_KEY"), ValueOf("AWS_SESSION_TOKEN")};
  if (!given.id.empty() || !given.secret.empty()) return Made(given, "the environment");
  TRY(const fs::path file, FilePlace());
  const std::string where = Printable(file.native());
  auto read = ReadFile(file, kMostFileBytes);
  if (!read && read.error().code == ErrorCode::kNotFound) {
    return Fail(ErrorCode::kDenied,
                Format("no credentials for the object store: neither in the environment nor in {}", where),
                std::string(kHint));
  }
  TRY(Bytes bytes, std::move(read));
  struct stat about {};
  const ::mode_t others = IsSystemdCredential(file) ? S_IROTH | S_IWOTH : S_IRGRP | S_IROTH | S_IWGRP | S_IWOTH;
  if (::stat(file.c_str(), &about) != 0 || (about.st_mode & others) != 0) {
    crypto::Wipe(bytes);
    return Fail(ErrorCode::kDenied, Format("others can read {}, which holds secrets", where), "chmod 600 it");
  }
  const std::string_view profile = ValueOf("AWS_PROFILE");
  auto found = FromFile(TextOf(bytes), profile.empty() ? "default" : profile, where);
  crypto::Wipe(bytes);
  return found;
}

Result<const S3Credentials*> FoundWhenNeeded::Get() const {
  const std::lock_guard lock(mutex_);
  if (!found_) {
    TRY(found_, S3Credentials::Find());
  }
  return &*found_;
}

}  // namespace exhibit::net
