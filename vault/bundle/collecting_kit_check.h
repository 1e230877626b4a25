// The check of a collecting kit (collecting_kit.h), before it goes on a journey or after it, with a program that did not come
// with it. Nothing of the kit is run, opened or changed.
//
//   log      law.proof holds, by the rules of any proof; fingerprint is its own
//   list     SHA256SUMS is signed by a custodian who is admitted by that law, and is of that vault
//   files    each is what the list says, and there is no other beside what collecting makes: a library beside a program may
//            run in its place
#pragma once

#include <atomic>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "vault/base/parallel.h"
#include "vault/bundle/collecting_kit.h"
#include "vault/tlog/policy.h"
#include "vault/verify/report.h"

namespace exhibit::bundle {

struct KitToCheck {
  std::filesystem::path kit;
  std::optional<custody::Fingerprint> fingerprint = {};
  const tlog::Policy* policy = nullptr;
  const std::atomic<bool>* interrupted = nullptr;
};

struct CollectingKitCheck {
  verify::Report log;                  // of law.proof
  std::optional<KitList> list = {};    // whether it is signed or not
  std::vector<std::string> shown;      // what holds, a sentence each
  std::vector<std::string> faults;     // what does not
  std::vector<std::string> not_shown;  // what nothing here says

  bool ok() const { return faults.empty() && log.ok(); }
};

//   kNotFound  there is no such folder
//   kInvalid   it is no collecting kit: it has no SHA256SUMS of one, or no law.proof; or it is a container, which the hint says
//   kIo, kPermission, kInterrupted
Result<CollectingKitCheck> CheckCollectingKit(const KitToCheck& request, Pool& pool);

}  // namespace exhibit::bundle
