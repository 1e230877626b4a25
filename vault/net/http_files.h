// The files of a published log, from an HTTP server.
#pragma once

#include "vault/net/http_client.h"
#include "vault/publish/published_log.h"

namespace exhibit::net {

class HttpFiles final : public publish::Files {
 public:
  HttpFiles(Url prefix, const std::atomic<bool>* interrupted) : prefix_(std::move(prefix)), interrupted_(interrupted) {}
  Result<Bytes> Read(std::string_view path, std::size_t limit_bytes) const override;

 private:
  Url prefix_;
  const std::atomic<bool>* interrupted_;
};

}  // namespace exhibit::net
