// The files of a published log, from an HTTP server.
#pragma once

#include "vault/net/http_client.h"
#include "vault/publish/published_log.h"

namespace exhibit::net {

class HttpFiles final : public publish::Files {
 public:
  // The limit of `asking` is each read's own.
  HttpFiles(Url prefix, Asking asking) : prefix_(std::move(prefix)), asking_(std::move(asking)) {}
  Result<Bytes> Read(std::string_view path, std::size_t limit_bytes) const override;
  Place place() const override { return Place::kElsewhere; }

 private:
  Url prefix_;
  Asking asking_;
};

}  // namespace exhibit::net
