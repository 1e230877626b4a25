#include "vault/net/http_files.h"

#include "vault/base/text.h"

namespace exhibit::net {

Result<Bytes> HttpFiles::Read(std::string_view path, std::size_t limit_bytes) const {
  const Url url = prefix_.Below(path);
  Asking asking = asking_;
  asking.limit_bytes = limit_bytes;
  TRY(HttpAnswer answer, HttpGet(url, asking));
  // A page of a portal or a proxy instead of the file.
  const bool is_page = answer.content_type.starts_with("text/html") && TextOf(answer.body).starts_with("<");
  if (answer.status == 200 && !is_page) return std::move(answer.body);
  const std::string what = Printable(url.text()) + ": " + DescribeStatus(answer);
  if (answer.status == 404 || answer.status == 410) return Fail(ErrorCode::kNotFound, what);
  if (answer.status >= 300 && answer.status < 400) {
    return Fail(ErrorCode::kIo, what + ", a redirect, which is not followed",
                "give the address that it leads to, if you trust that to be the log");
  }
  return Fail(ErrorCode::kIo, what);
}

}  // namespace exhibit::net
