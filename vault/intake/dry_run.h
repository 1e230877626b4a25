// What would be taken in, without taking it in: looks whether each file can be opened, and reads none.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "vault/intake/gathering.h"

namespace exhibit::intake {

class DryRun final : public Receiver {
 public:
  struct Would {
    std::string path;
    custody::FileType type = custody::FileType::kRegular;
    std::optional<std::uint64_t> size;  // nothing of streams and devices: who reads them finds out
  };
  struct Listener {
    std::function<void(const Would&)> would_add;
    std::function<void(const Refused&)> would_refuse;
    std::function<void(const std::filesystem::path&, const std::string& why)> left_out;
    std::function<void(const std::string&)> remark;
    std::function<void(const Refused&)> missed;
    std::function<void(const Refused&)> contradicted;
  };
  DryRun(Listener listener, const std::atomic<bool>* interrupted)
      : listener_(std::move(listener)), interrupted_(interrupted) {}

  Result<void> Take(Input input) override;
  void Refuse(Refused refused) override { listener_.would_refuse(refused); }
  void LeaveOut(const std::filesystem::path& path, const std::string& why) override { listener_.left_out(path, why); }
  void Remark(const std::string& remark) override { listener_.remark(remark); }
  void Miss(Refused missed) override { listener_.missed(missed); }
  void Contradict(Refused what) override { listener_.contradicted(what); }

 private:
  Listener listener_;
  const std::atomic<bool>* interrupted_;
};

}  // namespace exhibit::intake
